/** Writes app/tokens.css from the tokens of packages/charts; tokens.test.ts checks that it was run. */
import { writeFileSync } from 'node:fs';
import { tokensCss } from '@wattproof/charts';

writeFileSync(new URL('../src/style/tokens.css', import.meta.url), tokensCss());
