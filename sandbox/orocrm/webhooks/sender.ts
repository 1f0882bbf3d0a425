import { createHmac, randomUUID } from 'node:crypto';
import type { AccessRules } from '../access';
import { everything, JsonApiRenderer } from '../answer/json-api';
import type { Id, Row } from '../schema/types';
import type { Change, Store } from '../store/store';
import type { Timers } from '../timers';
import type { Features } from '../version';
import { post } from './post';

/** Answers after which OroCRM tries again (webhooks.retries.md for 429 and 503; the others by its code, orocrm-api.md §5). */
const RETRIED = new Set([423, 425, 429, 502, 503]);

interface Event {
	topic: string;
	type: string;
	id: Id;
	messageId: string;
	at: string;
}

/** Delivers events to the receivers that subscribed, as OroCRM's message queue does (orocrm-api.md §5). */
export class WebhookSender {
	constructor(
		private readonly store: Store,
		private readonly features: Features,
		private readonly access: AccessRules,
		private readonly timers: Timers,
		private readonly times: { delayMs: number; retryMs: number },
	) {}

	watch(): void {
		this.store.onCommit((changes, quiet) => {
			if (quiet || this.store.count('webhooks') === 0) return;
			for (const event of this.eventsOf(changes)) this.publish(event);
		});
	}

	/** One event a record and transaction. A deletion is never delivered: its consumer finds the row gone (§5). */
	private eventsOf(changes: Change[]): Event[] {
		const events = new Map<string, Event>();
		for (const { kind, type, id } of changes) {
			const { alias } = this.store.resource(type);
			if (!alias || kind === 'deleted' || events.has(`${type}:${id}`)) continue;
			const topic = `${alias}.${kind}`;
			events.set(`${type}:${id}`, { topic, type, id, messageId: randomUUID(), at: this.store.now() });
		}
		return [...events.values()].filter(({ topic }) => this.store.get('webhooktopics', topic));
	}

	private publish(event: Event): void {
		for (const id of this.store.table('webhooks').index('topic')!.ids(event.topic)) {
			this.timers.after(this.times.delayMs, () => void this.deliver(event, id));
		}
	}

	private async deliver(event: Event, webhookId: Id): Promise<void> {
		const webhook = this.store.get('webhooks', webhookId);
		const row = this.store.get(event.type, event.id);
		if (!webhook || webhook.enabled !== true || !row) return;
		const body = this.body(event, webhook, row);
		const headers: Record<string, string> = {
			'Content-Type': 'application/json',
			'Webhook-Topic': event.topic,
			'Webhook-Id': event.messageId,
		};
		if (webhook.secret) {
			headers['Webhook-Signature'] = createHmac('sha256', String(webhook.secret)).update(body).digest('hex');
			headers['Webhook-Signature-Algorithm'] = 'HMAC-SHA256';
		}
		const status = await post(String(webhook.notificationUrl), headers, body, webhook.verifySsl !== false);
		if (status === 410) this.store.remove('webhooks', webhookId);
		else if (RETRIED.has(status)) this.timers.after(this.times.retryMs, () => void this.deliver(event, webhookId));
	}

	/** Key order and escaped slashes as PHP writes them; the signature is over these bytes. */
	private body(event: Event, webhook: Row, row: Row): string {
		const data =
			webhook.format === 'thin' ? { type: event.type, id: String(event.id) } : this.document(event.type, row, webhook);
		const message = {
			topic: event.topic,
			eventData: { data },
			timestamp: Math.floor(new Date(event.at).getTime() / 1000),
			messageId: event.messageId,
		};
		return JSON.stringify(message)
			.replace(/\//g, '\\/')
			.replace(/[\u0080-\uffff]/g, escapeUnicode);
	}

	private document(type: string, row: Row, webhook: Row): unknown {
		const access = this.access.for({
			userId: (webhook.owner as Id | null) ?? 1,
			organizationId: (webhook.organization as Id | null) ?? 1,
			businessUnitId: 1,
			role: 'administrator',
		});
		const context = {
			store: this.store,
			features: this.features,
			access,
			mode: 'json:api' as const,
			apiUrl: '',
			hateoas: false,
		};
		return new JsonApiRenderer(context).resourceObject(type, row, everything);
	}
}

function escapeUnicode(char: string): string {
	return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
