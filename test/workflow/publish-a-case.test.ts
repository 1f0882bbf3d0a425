import { itemsOf } from '../support/n8n-harness';
import type { Practice } from '../support/practice';
import { closeAll, startPractice } from '../support/practice';

/** The template "Publish a Case to Zendesk": what its last page says. Its pages themselves are tested in a real n8n. */

afterEach(closeAll);

interface Filled {
	case: string;
	preview?: string[] | null;
}

/** Fills the form in. Gives back what the last page says. */
async function submit(practice: Practice, filled: Filled): Promise<{ title: string; message: string }> {
	const run = await practice.n8n.run('Case to Publish', [{ json: { preview: null, ...filled, formMode: 'production' } }]);
	expect(run.status).toBe('success');
	const pages = ['Show What Was Done', 'Show What Went Wrong'].flatMap((page) => itemsOf(run, page));
	expect(pages).toHaveLength(1);
	return pages[0].json as { title: string; message: string };
}

const start = async () => await startPractice({ template: 'publish-a-case' });

function newCase(practice: Practice, values: Record<string, unknown> = {}): string {
	const { store } = practice.orocrm;
	const common = { source: 'phone', status: 'open', priority: 'normal', owner: 1, organization: 1, createdAt: store.now() };
	return String(store.insert('cases', { subject: 'Tent pole broke', description: 'On the first night.', ...common, ...values }).id);
}

const linkTo = (address: string, words: string) => `<a href="${address}" target="_blank" rel="noopener">${words}</a>`;

test('published: what was done, and links to both', async () => {
	const practice = await start();
	const id = newCase(practice);
	const page = await submit(practice, { case: ` #${id} ` });
	const [ticket] = practice.zendesk.store.tickets.values();
	expect(page.title).toBe('Published');
	expect(page.message.split('\n')[0]).toMatch(/ticket/i);
	expect(page.message).toContain(linkTo(`${practice.zendesk.url}/agent/tickets/${ticket.id}`, `Ticket ${ticket.id} in Zendesk`));
	expect(page.message).toContain(linkTo(`${practice.orocrm.url}/case/view/${id}`, `Case ${id} in OroCRM`));
});

test('nothing checked and nothing there at all both mean: publish', async () => {
	for (const preview of [[], null]) {
		const practice = await start();
		expect((await submit(practice, { case: newCase(practice), preview })).title).toBe('Published');
	}
});

test('preview: each change in words, nothing written, and a link only to what there is', async () => {
	const practice = await start();
	const id = newCase(practice, { subject: 'Tent & <b>pole</b>' });
	practice.resetCounts();
	const page = await submit(practice, { case: id, preview: ['Only say what would be done'] });
	expect(page.title).toBe('This Would Be Done');
	expect(page.message).toContain('Tent &amp; &lt;b>pole&lt;/b>');
	expect(page.message).not.toContain('in Zendesk</a>');
	expect(page.message).toContain(`Case ${id} in OroCRM</a>`);
	expect(page.message).not.toMatch(/undefined|\[object/);
	expect(practice.counts().oroWrites).toBe(0);
	expect(practice.zendesk.store.tickets.size).toBe(0);
});

test('a conflict is told, with both values and the winner', async () => {
	const practice = await start();
	const id = newCase(practice);
	await submit(practice, { case: id });
	const [ticket] = practice.zendesk.store.tickets.values();
	practice.zendesk.store.updateTicket(ticket.id, { priority: 'urgent' });
	practice.orocrm.store.update('cases', Number(id), { priority: 'low' });
	const page = await submit(practice, { case: id });
	expect(page.title).toBe('In Step Again');
	expect(page.message).toContain('Both sides changed priority: high in Zendesk, low in OroCRM. Zendesk won.');
	expect((await submit(practice, { case: id })).title).toBe('Nothing to Do');
});

test.each([
	['what is no case', 'hello <i>there</i>', 'hello &lt;i>there&lt;/i>'],
	['a case that OroCRM does not have', '4711', '4711'],
	['an address of something else', 'https://example.com/', 'https://example.com/'],
])('%s: the page says so', async (_, which, words) => {
	const practice = await start();
	const page = await submit(practice, { case: which });
	expect(page.title).toBe('Not Published');
	expect(page.message).toContain(words);
	expect(page.message).not.toMatch(/undefined|null/);
});

test('a whole system in trouble: the page says which, and the run is no failure', async () => {
	const practice = await start();
	const id = newCase(practice);
	practice.orocrm.faults.add({ effect: { kind: 'answer', status: 503, body: 'maintenance' } });
	const page = await submit(practice, { case: id });
	expect(page.title).toBe('Not Published');
	expect(page.message).toContain('OroCRM');
});
