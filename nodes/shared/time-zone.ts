/**
 * A date as n8n's date field gives it, as a moment: one without an offset is meant in the workflow's time zone, not in the server's.
 * What is no date comes back as it is.
 */
export function inZone(text: string, zone: string): string {
	const trimmed = text.trim();
	if (/(Z|[+-]\d{2}:?\d{2})$/i.test(trimmed) && trimmed.includes('T')) return trimmed;
	const asUtc = Date.parse(`${trimmed.includes('T') || trimmed.includes(' ') ? trimmed.replace(' ', 'T') : `${trimmed}T00:00:00`}Z`);
	if (Number.isNaN(asUtc)) return text;
	// The offset at that moment, asked twice: the first guess may be on the other side of a change of the clocks.
	const guess = asUtc - offsetAt(asUtc, zone);
	return new Date(asUtc - offsetAt(guess, zone)).toISOString();
}

/** Milliseconds that the zone is ahead of UTC at a moment. */
function offsetAt(moment: number, zone: string): number {
	const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(moment);
	const part = (type: string) => Number(parts.find((entry) => entry.type === type)?.value);
	return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(moment / 1000) * 1000;
}
