import type { IExecuteFunctions } from 'n8n-workflow';
import type { Clients } from '../../pipeline/clients';
import { PeopleDirectory } from '../../pipeline/people-directory';

/** What one execution asked about people, and when it began to. */
const directories = new Map<string, { directory: PeopleDirectory; since: number }>();

/** An execution that waits, or goes round in a loop, asks anew after so long, in milliseconds. */
const KEPT = 10 * 60_000;

/** What this execution of the workflow has asked about the people of these two systems: Resolve and Publish ask nothing twice. */
export function directoryOf(context: IExecuteFunctions, { zendesk, oro, time }: Clients): PeopleDirectory {
	const execution = context.getExecutionId();
	const now = time.now();
	for (const [name, { since }] of directories) if (Math.abs(now - since) > KEPT) directories.delete(name);
	if (!execution) return new PeopleDirectory();
	const name = `${execution} ${zendesk.baseUrl} ${oro.apiUrl}`;
	const present = directories.get(name) ?? { directory: new PeopleDirectory(), since: now };
	directories.set(name, present);
	return present.directory;
}
