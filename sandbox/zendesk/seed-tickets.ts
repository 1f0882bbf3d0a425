import type { People } from './seed-people';
import type { Store } from './store';
import type { NewTicket } from './ticket-creation';
import type { Ticket, User, Via } from './types';

/** Ids of the showcase's custom fields and statuses. */
export interface SeedFields {
	orderNumber: number;
	product: number;
	refund: number;
	inRepair: number;
	waitingForParts: number;
	waitingForCustomer: number;
	refunded: number;
}

type Ago = (days: number) => string;

/** Shapes as recorded (R:tickets.list.cursor.4, incremental.tickets.cursor.3). */
const via = {
	email: (user: User): Via => ({
		channel: 'email',
		source: {
			from: { address: user.email, name: user.name },
			to: { name: 'Practice Zendesk', address: 'support@practice.example.com' },
			rel: null,
		},
	}),
	plain: (channel: string): Via => ({ channel, source: { from: {}, to: {}, rel: null } }),
	voice: (phone: string): Via => ({
		channel: 'voice',
		source: {
			from: { phone, formatted_phone: phone, name: `Caller ${phone}` },
			to: { phone: '+4930555012', formatted_phone: '+49 30 555012', name: 'Practice line' },
			rel: 'inbound',
		},
	}),
	twitter: (name: string): Via => ({
		channel: 'twitter',
		source: {
			from: { name, username: name, profile_url: `https://www.twitter.com/${name}`, twitter_id: '610691934' },
			to: {
				name: null,
				username: 'PracticeShop',
				profile_url: 'https://www.twitter.com/PracticeShop',
				twitter_id: '1555483328018612225',
			},
			rel: 'mention',
		},
	}),
	anyChannel: (service: string): Via => ({
		channel: 'any_channel',
		source: {
			from: {
				service_info: {
					supports_channelback: true,
					supports_clickthrough: false,
					registered_integration_service_name: service,
					registered_integration_service_external_id: `practice_${service.toLowerCase()}`,
					integration_service_instance_name: 'practice',
				},
			},
			to: {},
			rel: null,
		},
	}),
};

/** Builds the tickets, oldest first. */
export function seedTickets(store: Store, people: People, fields: SeedFields, ago: Ago): void {
	const desk = new Desk(store, ago);
	oldTickets(desk, people, fields);
	threads(desk, people, fields);
	languages(desk, people);
	channels(desk, people);
	linked(desk, people, fields);
	oddities(desk, people, fields);
	recent(desk, people, fields);
}

/** Writes tickets and comments at days in the past. */
class Desk {
	constructor(
		readonly store: Store,
		readonly ago: Ago,
	) {}

	ticket(days: number, requester: User, subject: string | null, description: string, more: NewTicket = {}): Ticket {
		const how = more.via ?? (requester.email === null ? via.plain('web') : via.email(requester));
		return this.store.createTicket(
			{
				subject,
				description,
				requester_id: requester.id,
				submitter_id: requester.id,
				via: how,
				recipient: how.channel === 'email' ? 'support@practice.example.com' : null,
				created_at: this.ago(days),
				...more,
			},
			{ actorId: requester.id },
		);
	}

	reply(days: number, ticket: Ticket, author: User, body: string): void {
		this.comment(days, ticket, author, { body });
	}

	note(days: number, ticket: Ticket, author: User, body: string): void {
		this.comment(days, ticket, author, { body, public: false });
	}

	comment(
		days: number,
		ticket: Ticket,
		author: User,
		comment: { body?: string; html_body?: string; public?: boolean; attachment_ids?: number[] },
	): void {
		const channel = author.role === 'end-user' ? 'email' : 'web';
		this.store.addComment(ticket.id, comment, { actorId: author.id, at: this.ago(days), channel });
	}

	change(days: number, ticket: Ticket, actor: User, changes: Parameters<Store['updateTicket']>[1]): void {
		this.store.updateTicket(ticket.id, changes, { actorId: actor.id, at: this.ago(days), channel: 'web' });
	}
}

function oldTickets(desk: Desk, p: People, f: SeedFields): void {
	const invoice = desk.ticket(
		58,
		p.luc,
		'Facture manquante pour ma commande',
		'Bonjour,\n\nJe n’ai pas reçu la facture de ma commande de mars. Pouvez-vous me l’envoyer ?\n\nMerci, Luc',
		{
			priority: 'low',
			type: 'question',
			custom_values: { [f.orderNumber]: 'FR-10021' },
		},
	);
	desk.reply(57.8, invoice, p.chiara, 'Bonjour Luc,\n\nVoici votre facture. Bonne journée !');
	desk.change(57.8, invoice, p.chiara, { assignee_id: p.chiara.id, status: 'solved' });
	desk.change(53, invoice, p.anna, { status: 'closed' });

	const scrubbed = desk.ticket(
		52,
		p.gone,
		'Please delete my account',
		'I no longer wish to be a customer. My address is 1 Example Street.',
		{ priority: 'high' },
	);
	desk.store.deleteTicket(scrubbed.id, { actorId: p.anna.id, at: desk.ago(45) });
	desk.store.scrubTicket(scrubbed.id, { at: desk.ago(14) });

	const followed = desk.ticket(
		40,
		p.maria,
		'Coffee grinder makes a loud noise',
		'Since yesterday the grinder is very loud. Is that normal?',
		{
			priority: 'normal',
			type: 'incident',
			tags: ['warranty'],
			custom_values: { [f.product]: 'coffee_grinder', [f.orderNumber]: 'PT-77120' },
		},
	);
	desk.reply(39.6, followed, p.anna, 'Hello Maria,\n\nthat is not normal. We will replace the burrs, free of charge.');
	desk.change(39, followed, p.anna, { assignee_id: p.anna.id, custom_status_id: f.refunded });
	desk.change(33, followed, p.anna, { status: 'closed' });
	desk.ticket(20, p.maria, 'Re: Coffee grinder makes a loud noise', 'It is loud again, three weeks later.', {
		followup_source_id: followed.id,
		assignee_id: p.anna.id,
		priority: 'high',
	});
}

function threads(desk: Desk, p: People, f: SeedFields): void {
	const lamp = desk.ticket(
		30,
		p.mueller,
		'Gartenlampe lädt nicht mehr',
		'Guten Tag,\n\nmeine Gartenlampe lädt seit gestern nicht mehr. Die Bestellnummer ist DE-4711.\n\nMit freundlichen Grüßen\nJürgen Müller',
		{
			priority: 'high',
			type: 'incident',
			custom_values: { [f.product]: 'garden_lamp', [f.orderNumber]: 'DE-4711' },
			tags: ['lamp', 'vip'],
		},
	);
	desk.change(29.9, lamp, p.ben, { assignee_id: p.ben.id });
	desk.note(29.9, lamp, p.ben, 'Third lamp of this batch this week. @Anna, do we have a recall?');
	desk.note(29.7, lamp, p.anna, 'Yes: serial numbers 2200–2350. Please ask for the number.');
	desk.reply(29.6, lamp, p.ben, 'Guten Tag Herr Müller,\n\nbitte nennen Sie uns die Seriennummer auf der Unterseite.');
	desk.reply(29.1, lamp, p.mueller, 'Die Nummer ist 2317.');
	desk.change(29, lamp, p.ben, { custom_status_id: f.waitingForParts });
	desk.note(21, lamp, p.light, 'Light agents may only write notes like this one. Parts arrive on Thursday.');

	const bicycle = desk.ticket(
		18,
		p.zoe,
		'Bicycle arrived with a bent wheel 🚲',
		'Hi! The bicycle arrived today 🎉 but the front wheel is bent 😢. Photo attached.',
		{
			type: 'problem',
			priority: 'urgent',
			custom_values: { [f.product]: 'bicycle' },
			collaborator_ids: [p.sofia.id, p.luc.id],
			email_cc_ids: [p.sofia.id, p.luc.id],
			follower_ids: [p.dmitri.id],
		},
	);
	const photo = desk.store.addAttachment({
		file_name: 'bent wheel – front.svg',
		content_type: 'image/svg+xml',
		content: WHEEL,
	});
	const report = desk.store.addAttachment({
		file_name: 'delivery-report.txt',
		content_type: 'text/plain',
		content: 'Parcel 1 of 1 delivered. Box dented at one corner.\n',
	});
	desk.comment(17.9, bicycle, p.zoe, {
		body: 'Here are the photo and the delivery report.',
		attachment_ids: [photo.id, report.id],
	});
	desk.comment(17.5, bicycle, p.erin, {
		html_body:
			'<p>Thank you, Zoë. Please do <strong>not</strong> ride it.</p><ul><li>We send a new wheel</li><li>Instructions: <a href="https://help.practice.example.com/wheels?lang=en&amp;step=1">how to change a wheel</a></li></ul><p>2 &lt; 3 &amp; 5 &gt; 4</p>',
	});
	desk.change(17.5, bicycle, p.erin, { assignee_id: p.erin.id, custom_status_id: f.inRepair });

	const long = desk.ticket(
		15,
		p.titled,
		'Question about the maintenance plan',
		'Dear team,\n\nplease explain the maintenance plan.\n\nDr. Grant',
		{ type: 'question', assignee_id: p.chiara.id },
	);
	for (let round = 1; round <= 4; round += 1) {
		desk.reply(
			15 - round * 0.8,
			long,
			p.chiara,
			`Answer ${round}: the plan covers part ${round} of the machine. See [the plan](https://help.practice.example.com/plan/${round}).`,
		);
		desk.reply(15 - round * 0.8 - 0.3, long, p.titled, `Thank you. And part ${round + 1}?`);
	}
	desk.change(11, long, p.chiara, { custom_status_id: f.waitingForCustomer });
}

function languages(desk: Desk, p: People): void {
	const texts: Array<[User, string, string]> = [
		[p.yuki, '配送状況について', 'お世話になっております。\n\n先週注文した商品の配送状況を教えてください。\n\n山田'],
		[p.amina, 'سؤال حول الضمان', 'مرحبًا،\n\nكم مدة الضمان على المصباح؟\n\nشكرًا، أمينة'],
		[p.noam, 'ההזמנה שלי לא הגיעה', 'שלום,\n\nההזמנה מיום ראשון עדיין לא הגיעה. מספר הזמנה: IL-3302.\n\nתודה, נועם'],
		[p.wei, '退款申请', '您好，\n\n我想退货，请告诉我流程。\n\n王伟'],
		[p.olga, 'Не работает кофемолка', 'Здравствуйте!\n\nКофемолка не включается. Что делать?\n\nОльга'],
		[p.priya, 'बिल में गलती', 'नमस्ते,\n\nमेरे बिल में दो बार राशि ली गई है।\n\nधन्यवाद, प्रिया'],
		[p.sofia, '¿Cuándo llega mi pedido?', 'Hola:\n\n¿Me pueden decir cuándo llega mi pedido? ¡Gracias!\n\nSofía'],
	];
	const agents = [p.anna, p.ben, p.dmitri];
	texts.forEach(([user, subject, text], i) => {
		const ticket = desk.ticket(13 - i * 0.7, user, subject, text, { priority: i % 2 === 0 ? 'normal' : null });
		if (i % 3 === 2) return;
		desk.change(12.9 - i * 0.7, ticket, agents[i % 3], { assignee_id: agents[i % 3].id });
		desk.reply(12.8 - i * 0.7, ticket, agents[i % 3], `${user.name}: 👍 OK – ${subject}`);
		if (i % 2 === 0) desk.change(12.7 - i * 0.7, ticket, agents[i % 3], { status: i === 0 ? 'solved' : 'pending' });
	});
}

function channels(desk: Desk, p: People): void {
	desk.ticket(
		8,
		p.caller,
		'Voicemail from: Caller +44 20 7946 0018',
		'Call from: +44 20 7946 0018\nTime of call: morning\nLength: 1 minute 12 seconds',
		{ via: via.voice('+442079460018'), priority: 'normal' },
	);
	desk.ticket(
		7.6,
		p.tweeter,
		'@PracticeShop my sunflowers love your lamp',
		'@PracticeShop my sunflowers love your lamp 🌻 but when is the blue one back?',
		{
			via: via.twitter('happy_gardener'),
			allow_channelback: true,
			allow_attachments: false,
		},
	);
	desk.ticket(
		7.3,
		p.chatter,
		'Chat with Visitor 48213377',
		'(09:14:02) Visitor 48213377: hello\n(09:14:30) Anna: Hello, how can I help?\n(09:15:11) Visitor 48213377: do you ship to Norway?',
		{
			via: via.plain('chat'),
			assignee_id: p.anna.id,
			status: 'solved',
		},
	);
	desk.ticket(7, p.oneWord, 'How do I change my password?', 'I cannot find it in the settings.', {
		via: via.plain('help_center'),
		type: 'question',
	});
	desk.ticket(6.8, p.maria, 'Web form: callback wanted', 'Please call me back after 5 pm.', {
		via: via.plain('web'),
		priority: 'low',
		assignee_id: p.dmitri.id,
	});
	desk.ticket(6.5, p.zoe, '[TT] nice bike', 'nice bike, does it come in green?', {
		via: via.anyChannel('TikTok'),
		tags: ['tiktok'],
		allow_channelback: true,
		allow_attachments: false,
	});
	desk.ticket(
		6.2,
		p.luc,
		'Created by the shop system',
		'Automatic message: payment of order FR-10988 was refused twice.',
		{ via: via.plain('api'), external_id: 'shop-10988', tags: ['payment', 'shop'] },
	);
	desk.ticket(6, p.sofia, 'Sent from the mobile app', 'The app closes when I open my orders.', {
		via: via.plain('mobile_sdk'),
		type: 'incident',
		priority: 'high',
		assignee_id: p.ben.id,
	});
}

function linked(desk: Desk, p: People, f: SeedFields): void {
	const problem = desk.ticket(
		5.5,
		p.anna,
		'Payment page shows an error',
		'Since 08:00 the payment page answers with "error 502".',
		{
			type: 'problem',
			priority: 'urgent',
			assignee_id: p.ben.id,
			via: via.plain('web'),
			recipient: null,
		},
	);
	desk.ticket(5.4, p.olga, 'Не могу оплатить заказ', 'На странице оплаты ошибка 502.', {
		type: 'incident',
		problem_id: problem.id,
		assignee_id: p.ben.id,
	});
	desk.ticket(5.3, p.titled, 'Cannot pay', 'Error 502 when I try to pay.', {
		type: 'incident',
		problem_id: problem.id,
		priority: 'high',
	});

	const kept = desk.ticket(5, p.noam, 'Where is order IL-3302?', 'I wrote on Sunday, please answer.', {
		assignee_id: p.dmitri.id,
	});
	const merged = desk.ticket(4.9, p.noam, 'Where is order IL-3302???', 'Hello??', { priority: 'normal' });
	desk.store.mergeTicket(merged.id, kept.id, { actorId: p.dmitri.id, at: desk.ago(4.8) });

	const spam = desk.ticket(4.6, p.suspended, 'CHEAP WATCHES', 'Buy now!!!');
	desk.store.deleteTicket(spam.id, { actorId: p.erin.id, at: desk.ago(4.5) });

	desk.ticket(4.4, p.wei, 'Call Mr Wang about the refund', 'Call before the end of the week.', {
		type: 'task',
		due_at: desk.ago(-3),
		assignee_id: p.chiara.id,
		priority: 'normal',
		via: via.plain('web'),
		recipient: null,
		custom_values: { [f.refund]: true },
	});
	desk.ticket(4.2, p.priya, 'Return the demonstration unit', 'It should be back in the store.', {
		type: 'task',
		due_at: desk.ago(1),
		assignee_id: p.erin.id,
	});
}

function oddities(desk: Desk, p: People, f: SeedFields): void {
	const words =
		'This subject is far too long because the customer wrote the whole message into it 🙈 and did not stop: ';
	desk.ticket(3.8, p.zoe, [...words.repeat(4)].slice(0, 300).join(''), 'See subject.', { priority: 'low' });
	desk.ticket(3.5, p.mueller, '', 'Diese E-Mail hatte keinen Betreff.', { assignee_id: p.erin.id });
	desk.ticket(3.2, p.gone, 'My last question', 'Before I go: is there a discount?', {
		assignee_id: p.anna.id,
		status: 'pending',
	});
	desk.ticket(3.1, p.suspended, 'Am I blocked?', 'I cannot write to you any more.');
	desk.ticket(
		2.8,
		p.oneWord,
		'<script>alert("no")</script> & "quotes"',
		'Text with <b>tags</b>, & ampersands,\n\n\n\nmany lines\tand tabs.\nhttps://example.com/a?b=1&c=2',
	);
	desk.ticket(2.5, p.amina, 'internal first', 'An agent wrote this ticket for the customer as a note only.', {
		comment: { body: 'The customer called about a broken lamp; she must not see this note.', public: false },
		submitter_id: p.ben.id,
		assignee_id: p.ben.id,
		via: via.plain('web'),
		recipient: null,
		custom_values: { [f.product]: 'garden_lamp' },
	});
}

function recent(desk: Desk, p: People, f: SeedFields): void {
	const hold = desk.ticket(2, p.yuki, 'ランプの色について', '青いランプはありますか？ 📷', {
		assignee_id: p.chiara.id,
		priority: 'normal',
	});
	desk.change(1.8, hold, p.chiara, { status: 'hold' });
	desk.ticket(1.5, p.luc, 'Livraison à une autre adresse', 'Peut-on livrer à mon bureau ?', { priority: 'normal' });
	const solved = desk.ticket(1.2, p.sofia, 'Código de descuento', 'El código VERANO no funciona.', {
		assignee_id: p.ben.id,
		priority: 'low',
		custom_values: { [f.orderNumber]: 'ES-9001' },
	});
	desk.reply(1.1, solved, p.ben, 'Hola Sofía, ya funciona. ¡Gracias!');
	desk.change(1.1, solved, p.ben, { status: 'solved' });
	desk.ticket(0.6, p.maria, 'Second lamp for the same address', 'Can I add a lamp to my last order?', {
		assignee_id: p.dmitri.id,
		priority: 'high',
	});
	desk.ticket(0.3, p.titled, 'Urgent: machine stopped', 'The machine stopped at 6 am. Please call.', {
		priority: 'urgent',
		type: 'incident',
		custom_values: { [f.orderNumber]: 'UK-555' },
	});
	desk.ticket(0.1, p.mueller, 'Danke!', 'Die neue Lampe ist da. Vielen Dank! 😀', { priority: null });
}

const WHEEL =
	'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><ellipse cx="40" cy="40" rx="36" ry="30" fill="none" stroke="#333" stroke-width="4"/></svg>';
