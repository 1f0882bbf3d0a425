import { PlainError } from './plain-error.mjs';

const flags = {
	'--reset': 'throw away the practice data and begin anew',
	'--two-way': 'two-way sync instead of one-way, and a page on which cases are published',
	'--real-delay': "practice Zendesk's export shows a change after 60 seconds, as at Zendesk, instead of after 5",
	'--help': 'show this',
};

export const help = `npm start                 start practice Zendesk, practice OroCRM and a real n8n that keeps them in step
${Object.entries(flags)
	.map(([flag, words]) => `npm start -- ${flag.padEnd(12)} ${words}`)
	.join('\n')}

The first start installs n8n (2.1 GB, about 4 minutes). All data is kept in the folder .sandbox.
Ctrl-C stops everything.`;

/** @returns {{ help: boolean, reset: boolean, twoWay: boolean, realDelay: boolean }} */
export function parseStartOptions(args) {
	const unknown = args.find((arg) => !Object.hasOwn(flags, arg));
	if (unknown) throw new PlainError(`"npm start" does not know "${unknown}".\n\n${help}`);
	const has = (flag) => args.includes(flag);
	return { help: has('--help'), reset: has('--reset'), twoWay: has('--two-way'), realDelay: has('--real-delay') };
}
