/** The strictness of OroCRM's e-mail constraint, near enough: one @, no blanks, a dot in the host. */
export function isEmail(text: string): boolean {
	return /^[^\s@"(),:;<>[\\\]]+@[^\s@"(),:;<>[\\\]]+\.[^\s@"(),:;<>[\\\]]+$/.test(text);
}
