import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { PublishRun } from '../../pipeline/publish-pairs';
import type { MergeRules, ReconciledField, Winner } from '../../sync/reconcile';
import { inZone } from '../shared/time-zone';
import type { Integration } from './integration';

interface PublishOptions {
	parallel?: number;
	commentsPerWrite?: number;
	maxFileSize?: number;
	commentsSince?: string;
}

const MEGABYTE = 1024 * 1024;
const DEFAULT_FILE_SIZE = 3;

/** The node's settings as Publish works with them. */
export function publishRunOf(context: IExecuteFunctions, integration: Integration): PublishRun {
	const options = context.getNodeParameter('options', 0, {}) as PublishOptions;
	const rules = rulesOf(context);
	return {
		settings: {
			channel: integration.channel,
			channelIsChosen: integration.isChosen,
			activeChannels: integration.active,
			rules,
			deletedTickets: context.getNodeParameter('deletedTickets', 0) as 'leave' | 'close',
			deletedCases: context.getNodeParameter('deletedCases', 0) as 'leave' | 'recreate',
			closedTickets: rules.twoWay ? (context.getNodeParameter('closedTickets', 0, 'skip') as 'skip' | 'followUp') : 'skip',
			commentsSince: sinceOf(context, options.commentsSince),
			commentsPerWrite: options.commentsPerWrite ?? 100,
		},
		preview: context.getNodeParameter('previewOnly', 0) as boolean,
		parallel: options.parallel ?? 8,
		largestFile: Math.round((options.maxFileSize ?? DEFAULT_FILE_SIZE) * MEGABYTE),
	};
}

/** Which way changes go, and who wins. */
export function rulesOf(context: IExecuteFunctions): MergeRules {
	if (context.getNodeParameter('twoWay', 0, false) !== true) return { twoWay: false, winner: 'remote' };
	const { rows } = context.getNodeParameter('fieldWinners', 0, {}) as { rows?: Array<{ field: ReconciledField; winner: Winner }> };
	return { twoWay: true, winner: context.getNodeParameter('winner', 0, 'remote') as Winner, winners: Object.fromEntries((rows ?? []).map(({ field, winner }) => [field, winner])) };
}

function sinceOf(context: IExecuteFunctions, text: string | undefined): string | null {
	if (!text?.trim()) return null;
	const date = inZone(text, context.getTimezone());
	if (!Number.isNaN(Date.parse(date))) return date;
	throw new NodeOperationError(context.getNode(), `"${text}" is no date`, { description: 'Correct "Only Comments Since" in the options of Publish Case.' });
}
