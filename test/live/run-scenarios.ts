import { ApiError } from '../../http/api-error';
import { Checks } from './checks';
import { NotRun, type Scenario } from './scenario';
import { type LiveRun, Stage } from './stage';
import type { Row } from './table';

/** A scenario in one of the ways in which it runs. */
interface Turn {
	scenario: Scenario;
	name: string;
	channel: string | null;
	/** Why it can't be run. */
	reason?: string;
}

const LONGEST = 300_000;

/** Every scenario whose name has one of the words, with and without the integration where that makes a difference. */
export function turnsOf(scenarios: readonly Scenario[], run: LiveRun, only: readonly string[]): Turn[] {
	const { channel } = run.facts;
	const id = 'id' in channel ? channel.id : null;
	const reason = 'reason' in channel ? channel.reason : undefined;
	return scenarios
		.flatMap((scenario): Turn[] => {
			const { name, channels } = scenario;
			const practice =
				scenario.practiceOnly && run.zendesk.kind === 'real'
					? 'only the practice Zendesk lets a test do this'
					: undefined;
			const withIt = { scenario, name: `${name}, with integration`, channel: id, reason: practice ?? reason };
			if (channels === 'with') return [withIt];
			if (channels === 'both') return [{ scenario, name, channel: null, reason: practice }, withIt];
			return [{ scenario, name, channel: id, reason: practice }];
		})
		.filter(({ name }) => only.length === 0 || only.some((word) => name.toLowerCase().includes(word)));
}

/** Runs one and says what was seen. Never throws. */
export async function runTurn(turn: Turn, run: LiveRun, number: number): Promise<Row> {
	const { scenario, name, channel, reason } = turn;
	const row = { scenario: name, expected: scenario.expected };
	if (reason) return { ...row, seen: reason, state: 'not run', took: 0 };
	const check = new Checks();
	const start = Date.now();
	const took = () => Date.now() - start;
	try {
		const seen = await inTime(scenario.run(new Stage(run, check, channel, number)));
		if (check.differences.length === 0) return { ...row, seen, state: 'ok', took: took() };
		return { ...row, seen: check.differences.join('\n'), state: 'failed', took: took() };
	} catch (error) {
		if (error instanceof NotRun) return { ...row, seen: error.message, state: 'not run', took: took() };
		return { ...row, seen: [...check.differences, inWords(error)].join('\n'), state: 'failed', took: took() };
	}
}

async function inTime<T>(work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`No end after ${LONGEST / 1000} seconds.`)), LONGEST);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}

export function inWords(error: unknown): string {
	if (error instanceof ApiError)
		return `${error.message} [${error.request}, status ${error.status ?? 'none'}] ${error.advice}`;
	return error instanceof Error ? error.message : String(error);
}
