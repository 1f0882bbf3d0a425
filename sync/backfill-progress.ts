/** Where a backfill stood at some moment of its work. */
export interface BackfillMark {
	/** Milliseconds since some moment. */
	at: number;
	/** Tickets that were done by then. */
	tickets: number;
	/** The time of the last change that was done, in seconds since 1970; null when nothing was. */
	second: number | null;
}

/** How far a backfill is: travels with each pair that it hands out. */
export interface BackfillProgress {
	/** Tickets of the history that are done when this page is. */
	tickets: number;
	/** Between which changes this page lies. ISO 8601; null where Zendesk gave no time. */
	page: { from: string | null; to: string | null };
	/** Between which changes the history lies; what is later comes by itself meanwhile. ISO 8601. */
	history: { from: string | null; until: string };
	/** When it began. ISO 8601. */
	begun: string;
	/** Tickets a minute lately, pauses included; null until enough is done to tell. */
	perMinute: number | null;
	/** About when it ends, ISO 8601; null while that can't be told: Zendesk doesn't say how many tickets are left. */
	endsAbout: string | null;
	/** All of it in one sentence. */
	summary: string;
}

/** What is known of a backfill when a page is handed out. */
export interface BackfillFacts {
	/** When it began, in milliseconds since 1970. */
	begun: number;
	/** The history is what changed before that second, in seconds since 1970. */
	until: number;
	/** The first change of the history, in seconds since 1970. */
	first: number | null;
	/** Tickets that were done before this page. */
	done: number;
	page: { tickets: number; from: number | null; to: number | null };
	/** When this page was read, in milliseconds since 1970. */
	readAt: number;
	/** Oldest first; the last one is of the moment before this page. Only from one life of the process: what lies before a restart says nothing of the pace. */
	marks: readonly BackfillMark[];
}

/** Marks that are kept: what was long ago says little of the pace. */
export const MOST_MARKS = 31;
/** Pages after which a pace is told. */
const PAGES_FOR_A_PACE = 2;
/** Pages after which an end is told. */
const PAGES_FOR_AN_END = 4;
/** An account's tickets are not spread evenly over its years. While the pace through the dates varies by more than this, no end is told. */
const MOST_VARIATION = 3;

/** How far a backfill is, with what can honestly be told of its end. */
export function backfillProgress(facts: BackfillFacts): BackfillProgress {
	const tickets = facts.done + facts.page.tickets;
	const perMinute = pace(facts.marks);
	const left = timeLeft(facts);
	const upTo = facts.page.to === null ? '' : `, up to the changes of ${iso(facts.page.to).slice(0, 10)}`;
	const rate = perMinute === null ? '' : `; ${perMinute.toLocaleString('en-US')} a minute`;
	const words = left === null ? 'how long it takes can’t be told yet' : `about ${duration(left)} left, going by the dates so far`;
	return {
		tickets,
		page: { from: isoOrNull(facts.page.from), to: isoOrNull(facts.page.to) },
		history: { from: isoOrNull(facts.first), until: iso(facts.until) },
		begun: new Date(facts.begun).toISOString(),
		perMinute,
		endsAbout: left === null ? null : isoOrNull((facts.readAt + left) / 1000),
		summary: `Backfill: with this page ${tickets.toLocaleString('en-US')} tickets of the history${upTo}${rate}; ${words}.`,
	};
}

/** The marks with one more. While a page is tried again it is no new mark, so its pauses count for the pace. */
export function withMark(marks: readonly BackfillMark[], mark: BackfillMark): BackfillMark[] {
	const last = marks.at(-1);
	if (last && last.tickets === mark.tickets && last.second === mark.second) return [...marks];
	return [...marks, mark].slice(-MOST_MARKS);
}

/** Tickets a minute. */
function pace(marks: readonly BackfillMark[]): number | null {
	if (marks.length <= PAGES_FOR_A_PACE) return null;
	const [first, last] = [marks[0], marks[marks.length - 1]];
	const minutes = (last.at - first.at) / 60_000;
	return minutes > 0 ? Math.round((last.tickets - first.tickets) / minutes) : null;
}

/** In milliseconds: the dates that are left, at the pace at which the dates went by lately. */
function timeLeft({ marks, until }: BackfillFacts): number | null {
	const dated = marks.filter((mark): mark is BackfillMark & { second: number } => mark.second !== null);
	if (dated.length <= PAGES_FOR_AN_END) return null;
	const [first, middle, last] = [dated[0], dated[Math.floor(dated.length / 2)], dated[dated.length - 1]];
	const earlier = (middle.second - first.second) / (middle.at - first.at);
	const lately = (last.second - middle.second) / (last.at - middle.at);
	if (!(earlier > 0 && lately > 0 && Number.isFinite(earlier) && Number.isFinite(lately))) return null;
	if (Math.max(earlier, lately) / Math.min(earlier, lately) > MOST_VARIATION) return null;
	return Math.round(Math.max(0, until - last.second) / lately);
}

function duration(milliseconds: number): string {
	const minutes = Math.max(1, Math.round(milliseconds / 60_000));
	return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60).toLocaleString('en-US')} h`;
}

function iso(seconds: number): string {
	const date = new Date(seconds * 1000);
	// Zendesk's numbers are trusted with the order of things, not with being dates.
	return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

function isoOrNull(seconds: number | null): string | null {
	return seconds === null ? null : iso(seconds);
}
