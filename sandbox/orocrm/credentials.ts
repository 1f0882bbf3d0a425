/** Fixed credentials of the practice OroCRM. They open nothing else. */

/** OAuth application for client credentials; its owner has the role Administrator. */
export const PRACTICE_OROCRM_CLIENT_ID = 'practice-administrator';
export const PRACTICE_OROCRM_CLIENT_SECRET = 'practice-administrator-secret';

/** The same with the stock role Sales Rep. */
export const PRACTICE_OROCRM_SALES_REP_CLIENT_ID = 'practice-sales-rep';
export const PRACTICE_OROCRM_SALES_REP_CLIENT_SECRET = 'practice-sales-rep-secret';

/** OAuth application for the password grant, which also gives refresh tokens. */
export const PRACTICE_OROCRM_PASSWORD_CLIENT_ID = 'practice-password';
export const PRACTICE_OROCRM_PASSWORD_CLIENT_SECRET = 'practice-password-secret';
export const PRACTICE_OROCRM_USERNAME = 'admin';
export const PRACTICE_OROCRM_PASSWORD = 'practice-admin';
