import type { Scenario } from '../scenario';
import type { Stage } from '../stage';

/** What texts can hold, and what must be made to fit first (sync-rules §2). */
export const texts: readonly Scenario[] = [
	{
		name: 'a subject of 300 characters',
		expected: 'cut to 255 in case and record, whole in the description',
		run: async (stage) => {
			const long = `${stage.mark} ${'x'.repeat(299 - stage.mark.length)}`;
			return await subject(stage, long, long.slice(0, 255), long.slice(0, 255), long);
		},
	},
	{
		name: 'a subject cut next to an emoji',
		expected: 'cut before it: 254 characters, no half character',
		run: async (stage) => {
			const start = `${stage.mark} ${'y'.repeat(253 - stage.mark.length)}`;
			return await subject(stage, `${start}😀 and more`, start, start);
		},
	},
	{
		name: 'an empty subject',
		expected: 'N/A on the case, empty in the record',
		practiceOnly: true,
		run: async (stage) => await subject(stage, '', 'N/A', null),
	},
	{
		name: 'emoji, right-to-left and many scripts',
		expected: 'arrive as they are',
		run: async (stage) => {
			const text = stage.marked('שלום مرحبا 你好 Ünïcødé 👩‍👩‍👧 🇨🇭 ẞ “quoted” & <b>');
			return await subject(stage, text, text, text, `${text}\n\nשורה שנייה\n第二行 🎉`);
		},
	},
	{
		name: 'a description of 70,000 characters',
		expected: 'whole in case, record, comment and comment row',
		channels: 'both',
		// Zendesk's own limit is 65,535.
		practiceOnly: true,
		run: async (stage) => {
			const text = `${stage.mark} ${'Lorem ipsum ö '.repeat(5_000)}end`;
			return await subject(stage, stage.marked('Long'), stage.marked('Long'), stage.marked('Long'), text);
		},
	},
	{
		name: 'control characters',
		expected: 'left out, tab and line breaks stay',
		practiceOnly: true,
		run: async (stage) => {
			const bad = stage.marked('be\u0000fore\u0007 \u001bafter');
			const good = stage.marked('before after');
			return await subject(stage, bad, good, good, `${bad}\n\tnext\u000b line`, `${good}\n\tnext line`);
		},
	},
	{
		name: 'markup',
		expected: 'kept as text, nothing is taken out',
		run: async (stage) => {
			const text = stage.marked('<script>alert("1")</script> {{ 7*7 }} %s \\ \' -- ; DROP TABLE');
			return await subject(stage, text, text, text, text);
		},
	},
];

/** Syncs a ticket with this subject and description, and compares both in every place where they stand. */
async function subject(
	stage: Stage,
	given: string,
	onCase: string,
	inRecord: string | null,
	description: string = stage.marked('The text.'),
	stored: string = description,
): Promise<string> {
	const requester = await stage.person('Tex Text');
	const { id } = await stage.ticket(requester, { subject: given, description });
	const [result] = await stage.sync(id);
	stage.check.same('outcome', result.outcome, 'created');
	const { record, case: oroCase, comments, rows } = await stage.theOne(id);
	stage.check.fields('case', oroCase, { subject: onCase, description: stored });
	stage.check.fields('record', record, { subject: inRecord, description: stored });
	stage.check.same('comments', comments.length, 1);
	stage.check.fields('comment row', rows[0], { body: stored });
	// Zendesk's plain text has other blanks and line breaks than the text itself; a real one also takes some of it for Markdown.
	const bare = (text: unknown) => String(text).replace(/\s+/g, ' ');
	if (stage.zendesk.kind === 'practice') stage.check.same('comment', bare(comments[0]?.message), bare(stored));
	const again = await stage.writes(async () => await stage.sync(id));
	stage.check.same('writes of a second sync', again, 0);
	const length = (text: unknown) => `${String(text ?? '').length} characters`;
	return `subject ${length(oroCase.subject)}, description ${length(oroCase.description)}, comment ${length(comments[0]?.message)}`;
}
