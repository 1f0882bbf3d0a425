import { everyTrouble } from './in-trouble';

everyTrouble('two-way');
