/** Text that is markup already and is not escaped again. */
export class Markup {
	constructor(readonly value: string) {}
}

type Part = string | number | boolean | null | undefined | Markup | Part[];

export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function render(part: Part): string {
	if (part === null || part === undefined || part === false || part === true) return '';
	if (part instanceof Markup) return part.value;
	if (Array.isArray(part)) return part.map(render).join('');
	return escapeHtml(String(part));
}

/** A template whose values are escaped: html`<b>${name}</b>`. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Markup {
	return new Markup(strings.reduce((all, text, i) => all + text + (i < values.length ? render(values[i]) : ''), ''));
}

export interface PageFrame {
	/** Name of the practice system, e.g. "Practice Zendesk". */
	system: string;
	/** CSS colour of the top bar. */
	colour: string;
	navigation: Array<{ label: string; href: string }>;
}

/** A whole page in the practice systems' plain common look. Works without scripts. */
export function page(frame: PageFrame, title: string, body: Markup): string {
	return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${frame.system}</title>
<style>
:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent);--soft:color-mix(in srgb,currentColor 6%,transparent)}
*{box-sizing:border-box}body{margin:0;font:15px/1.5 system-ui,sans-serif}
header{background:${frame.colour};color:#fff;padding:.7rem 1.2rem;display:flex;gap:1.4rem;align-items:baseline;flex-wrap:wrap}
header a{color:#fff;text-decoration:none}header strong{font-size:1.1rem}main{padding:1.2rem;max-width:70rem;margin:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:0}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
.badge{display:inline-block;padding:0 .55rem;border-radius:1rem;background:var(--soft);border:1px solid var(--line);white-space:nowrap}
.comment{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .9rem;margin:.6rem 0;white-space:pre-wrap;overflow-wrap:anywhere}.comment.internal{background:color-mix(in srgb,gold 14%,transparent)}
form.stacked{display:grid;gap:.7rem;max-width:40rem}label{display:grid;gap:.2rem;font-weight:600}input,select,textarea{font:inherit;padding:.35rem .5rem;width:100%}input[type=checkbox]{width:auto}
button{font:inherit;padding:.4rem 1rem;cursor:pointer}.columns{display:grid;grid-template-columns:minmax(0,2fr) minmax(16rem,1fr);gap:2rem}@media(max-width:50rem){.columns{grid-template-columns:1fr}}
.notice{padding:.6rem .9rem;border-radius:.5rem;background:color-mix(in srgb,seagreen 18%,transparent)}.error{padding:.6rem .9rem;border-radius:.5rem;background:color-mix(in srgb,crimson 18%,transparent)}
</style></head>
<body><header><strong>${frame.system}</strong>${frame.navigation.map((entry) => html`<a href="${entry.href}">${entry.label}</a>`)}</header>
<main><h1>${title}</h1>${body}</main></body></html>`.value;
}
