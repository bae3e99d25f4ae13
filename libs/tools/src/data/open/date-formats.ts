/** strptime formats, apart from ISO, in the order they are tried. American before European; the report says when both would fit. */
export const DATE_FORMATS: readonly { readonly format: string; readonly pattern: string; readonly hasTime: boolean }[] =
  [
    { format: '%b %d %Y', pattern: '[A-Za-z]{3} \\d{1,2} \\d{4}', hasTime: false },
    { format: '%d %b %Y', pattern: '\\d{1,2} [A-Za-z]{3} \\d{4}', hasTime: false },
    { format: '%d-%b-%Y', pattern: '\\d{1,2}-[A-Za-z]{3}-\\d{4}', hasTime: false },
    { format: '%b %d, %Y', pattern: '[A-Za-z]{3} \\d{1,2}, \\d{4}', hasTime: false },
    { format: '%B %d, %Y', pattern: '[A-Za-z]{3,9} \\d{1,2}, \\d{4}', hasTime: false },
    { format: '%d %B %Y', pattern: '\\d{1,2} [A-Za-z]{3,9} \\d{4}', hasTime: false },
    { format: '%m/%d/%Y', pattern: '\\d{1,2}/\\d{1,2}/\\d{4}', hasTime: false },
    { format: '%d/%m/%Y', pattern: '\\d{1,2}/\\d{1,2}/\\d{4}', hasTime: false },
    { format: '%m/%d/%y', pattern: '\\d{1,2}/\\d{1,2}/\\d{2}', hasTime: false },
    { format: '%d/%m/%y', pattern: '\\d{1,2}/\\d{1,2}/\\d{2}', hasTime: false },
    { format: '%d.%m.%Y', pattern: '\\d{1,2}\\.\\d{1,2}\\.\\d{4}', hasTime: false },
    { format: '%m-%d-%Y', pattern: '\\d{1,2}-\\d{1,2}-\\d{4}', hasTime: false },
    { format: '%d-%m-%Y', pattern: '\\d{1,2}-\\d{1,2}-\\d{4}', hasTime: false },
    { format: '%Y/%m/%d', pattern: '\\d{4}/\\d{1,2}/\\d{1,2}', hasTime: false },
    { format: '%Y/%m/%d %H:%M', pattern: '\\d{4}/\\d{1,2}/\\d{1,2} \\d{1,2}:\\d{2}', hasTime: true },
    { format: '%Y/%m/%d %H:%M:%S', pattern: '\\d{4}/\\d{1,2}/\\d{1,2} \\d{1,2}:\\d{2}:\\d{2}', hasTime: true },
    { format: '%m/%d/%Y %H:%M', pattern: '\\d{1,2}/\\d{1,2}/\\d{4} \\d{1,2}:\\d{2}', hasTime: true },
    { format: '%m/%d/%Y %H:%M:%S', pattern: '\\d{1,2}/\\d{1,2}/\\d{4} \\d{1,2}:\\d{2}:\\d{2}', hasTime: true },
    { format: '%d/%m/%Y %H:%M', pattern: '\\d{1,2}/\\d{1,2}/\\d{4} \\d{1,2}:\\d{2}', hasTime: true },
    { format: '%d.%m.%Y %H:%M', pattern: '\\d{1,2}\\.\\d{1,2}\\.\\d{4} \\d{1,2}:\\d{2}', hasTime: true },
  ];

/** Texts that stand for a value that is not there, compared in small letters without outer white space. */
export const MISSING_TOKENS: readonly string[] = [
  '',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  '-',
  '--',
  '—',
  '?',
  '.',
  'missing',
  'unknown',
];
