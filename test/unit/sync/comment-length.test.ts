import fc from 'fast-check';
import { commentHtml } from '../../../sync/comment-length';
import { htmlToText, textToHtml } from '../../../sync/html-text';

const WHERE = 'case 12 in OroCRM';

test('what fits is left as it is, text and HTML', () => {
	expect(commentHtml('a < b', WHERE)).toEqual({ html: textToHtml('a < b'), cut: false });
	expect(commentHtml('<p>a <b>b</b></p>', WHERE, true)).toEqual({ html: '<p>a <b>b</b></p>', cut: false });
});

test('what is longer than Zendesk takes is cut, and says so; characters stay whole', () => {
	fc.assert(
		fc.property(fc.constantFrom('x', '<', 'ü', '😀', 'a b\n'), fc.integer({ min: 66_000, max: 90_000 }), fc.boolean(), (unit, length, isHtml) => {
			const text = unit.repeat(length);
			const { html, cut } = commentHtml(isHtml ? textToHtml(text) : text, WHERE, isHtml);
			expect(cut).toBe(true);
			expect(Buffer.byteLength(html)).toBeLessThanOrEqual(64_000);
			expect(Buffer.byteLength(html)).toBeGreaterThan(63_000);
			expect(htmlToText(html)).toContain('All of it is in case 12 in OroCRM.');
			expect(html).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
		}),
		{ numRuns: 8 },
	);
});
