/** Times as Zendesk writes them: ISO 8601 in UTC with whole seconds (zendesk-api.md §1). */

export function isoSeconds(date: Date): string {
	return `${date.toISOString().slice(0, 19)}Z`;
}

export function epochSeconds(time: Date | string): number {
	return Math.floor((typeof time === 'string' ? Date.parse(time) : time.getTime()) / 1000);
}

/** The form of job messages: `2024-02-08 17:44:16 +0000` (zendesk-api.md §11). */
export function jobTime(date: Date): string {
	return `${date.toISOString().slice(0, 19).replace('T', ' ')} +0000`;
}

/** The form of counts: `2023-09-18T23:37:39+00:00` (zendesk-api.md §2). */
export function offsetTime(date: Date): string {
	return `${date.toISOString().slice(0, 19)}+00:00`;
}
