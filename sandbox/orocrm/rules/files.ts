import { addFieldError, addRecordError, type PlanItem } from '../write/plan';

/** What an installation takes as a file: OroCRM's upload settings. */
export interface FileRules {
	/** MIME types, or endings as `.exe`, that are refused. */
	refusedTypes: string[];
	largestBytes: number;
}

/** OroPlatform's own default (AttachmentBundle, `maxsize`: 10 MB). */
export const DEFAULT_FILE_RULES: FileRules = { refusedTypes: [], largestBytes: 10 * 1024 * 1024 };

/** The checks of a file that is sent in base64, with the words of OroPlatform's FileTest and of Symfony's file constraint. */
export function validateFile(item: PlanItem, rules: FileRules): void {
	const content = item.values.get('content');
	const name = item.values.get('originalFilename');
	if (typeof content === 'string') {
		if (typeof name !== 'string') {
			const detail = 'The "content" field should be specified together with "originalFilename" field.';
			return addRecordError(item, 'form constraint', detail);
		}
		if (!isBase64(content)) {
			return addRecordError(item, 'form constraint', 'Cannot decode content encoded with MIME base64.');
		}
		const problem = refusal(
			Buffer.byteLength(content, 'base64'),
			name,
			String(item.values.get('mimeType') ?? ''),
			rules,
		);
		if (problem) addFieldError(item, 'content', 'file constraint', problem);
	}
	if (typeof name === 'string' && /[/\\]/.test(name)) {
		const detail = 'The file name should not have a path.';
		addFieldError(item, 'originalFilename', 'filename without path constraint', detail);
	}
}

/** Why this file is refused, in words; undefined: it is taken. */
export function refusal(bytes: number, name: string, type: string, rules: FileRules): string | undefined {
	if (bytes > rules.largestBytes) {
		return `The file is too large (${megabytes(bytes)} MB). Allowed maximum size is ${megabytes(rules.largestBytes)} MB.`;
	}
	const isRefused = rules.refusedTypes.some((one) =>
		one.startsWith('.') ? name.toLowerCase().endsWith(one.toLowerCase()) : one.toLowerCase() === type.toLowerCase(),
	);
	return isRefused ? `The MIME type of the file is invalid ("${type}").` : undefined;
}

const megabytes = (bytes: number) => Math.round(bytes / 10_000) / 100;

const isBase64 = (text: string) => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) && text.replace(/\s/g, '').length % 4 !== 1;
