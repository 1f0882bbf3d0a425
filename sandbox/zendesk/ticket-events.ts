import type { Api } from './api';
import { ID_STEP } from './ids';
import { epochSeconds } from './time';
import type { Audit } from './types';
import { isCreateEvent } from './views';

/** How the events export names channels; audits have the channel's key. */
const CHANNEL_NAMES: Record<string, string> = {
	api: 'Web service',
	web: 'Web form',
	email: 'Email',
	voice: 'Phone call (inbound)',
	phone: 'Phone call (inbound)',
	chat: 'Chat',
	twitter: 'Twitter',
	help_center: 'Help Center post',
	any_channel: 'Any channel',
	sample_ticket: 'Sample ticket',
};

/** One element of the ticket events export: an update with all it changed (zendesk-api.md §4). */
export function eventOf(api: Api, audit: Audit, withComment: boolean): Record<string, unknown> {
	const via = CHANNEL_NAMES[audit.via.channel] ?? audit.via.channel;
	return {
		child_events: childEvents(api, audit, via, withComment),
		id: audit.id,
		ticket_id: audit.ticket_id,
		timestamp: epochSeconds(audit.created_at),
		created_at: audit.created_at,
		updater_id: audit.author_id,
		via,
		system: audit.metadata.system,
		metadata: audit.metadata.custom,
		event_type: 'Audit',
	};
}

function childEvents(api: Api, audit: Audit, via: string, withComment: boolean): Array<Record<string, unknown>> {
	const events: Array<Record<string, unknown>> = [];
	if (audit.comment_id !== null) events.push(commentEvent(api, audit, via, withComment));
	const firstId = audit.id + ID_STEP * (events.length + 1);
	audit.changes.forEach((change, i) => {
		events.push({
			id: firstId + ID_STEP * i,
			via: change.via ? 'Rule' : via,
			via_reference_id: change.via ? change.via.source.from.id : null,
			[change.field_name]: change.value,
			...(isCreateEvent(audit, change) ? {} : { previous_value: change.previous_value }),
			event_type: isCreateEvent(audit, change) ? 'Create' : 'Change',
		});
	});
	return events;
}

/** Without `include=comment_events` an export only tells that there was a comment. */
function commentEvent(api: Api, audit: Audit, via: string, whole: boolean): Record<string, unknown> {
	const comment = api.store.comments.get(audit.comment_id!)!;
	if (!whole) {
		return {
			id: comment.id,
			via,
			via_reference_id: null,
			comment_present: true,
			comment_public: comment.public,
			event_type: 'Comment',
		};
	}
	const view = api.views.comment(comment);
	return {
		id: comment.id,
		via: audit.via,
		via_reference_id: null,
		type: 'Comment',
		author_id: comment.author_id,
		body: comment.body,
		html_body: comment.html_body,
		plain_body: comment.plain_body,
		public: comment.public,
		attachments: view.attachments,
		audit_id: comment.audit_id,
		created_at: comment.created_at,
		event_type: 'Comment',
	};
}
