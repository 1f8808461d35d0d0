/** Stands in each of them: where it is found, a hostile word has come to. */
export const MARK = 'qqzqqzqq';

/**
 * What somebody types who wants it to be more than text: to a shell, an option of a program, a database, a page, a
 * template, a path, a header, a name, a number. One each; longer ones only repeat them.
 */
export const HOSTILE_WORDS: readonly string[] = [
  // Shells, in every layer that peers have forgotten one in.
  `;touch /tmp/${MARK}`,
  `$(touch /tmp/${MARK})`,
  `\`touch /tmp/${MARK}\``,
  `|| touch /tmp/${MARK} &`,
  `'; touch /tmp/${MARK} #`,
  `"; touch /tmp/${MARK} #`,
  `x\ntouch /tmp/${MARK}`,
  `x\r\nEOF\ntouch /tmp/${MARK}`,
  `%0atouch%20/tmp/${MARK}`,
  `\${IFS}${MARK}\${PATH}`,
  // Options: of wp-cli, ssh, tar, git, docker, nginx, and dashes that only look like one.
  `--exec=${MARK}()`,
  `--require=/tmp/${MARK}.php`,
  `--ssh=${MARK}@example.com`,
  `-oProxyCommand=${MARK}`,
  `--checkpoint-action=exec=${MARK}`,
  `--upload-pack=${MARK}`,
  `-v /:/${MARK}`,
  `-${MARK}`,
  `\u2013\u2013exec=${MARK}`,
  `\u2212${MARK}`,
  // Databases.
  `' OR 1=1 -- ${MARK}`,
  `${MARK}'; DROP TABLE stores; --`,
  `") UNION SELECT '${MARK}' -- `,
  `%${MARK}%_`,
  // Pages and templates.
  `<script>${MARK}()</script>`,
  `"><img src=x onerror=${MARK}()>`,
  `'-${MARK}()-'`,
  `javascript:${MARK}()`,
  `{{${MARK}}}\${${MARK}}<%= ${MARK} %>#{${MARK}}`,
  `</title><svg onload=${MARK}()>`,
  `=cmd|' /C ${MARK}'!A0`,
  // Paths.
  `../../../../tmp/${MARK}`,
  `/tmp/${MARK}`,
  `..\\..\\${MARK}`,
  `%2e%2e%2f${MARK}`,
  `file:///tmp/${MARK}`,
  `${MARK}/../../x`,
  `~/${MARK}`,
  `.${MARK}`,
  // Headers, lines of a log, files of nginx.
  `${MARK}\r\nBcc: all@example.com`,
  `${MARK}\r\nSet-Cookie: a=b`,
  `${MARK}; } server { listen 1; #`,
  `${MARK}$host`,
  // Texts that are not what they look like.
  `${MARK}\u0000.png`,
  `\u202e${MARK}\u202c`,
  `\u200b${MARK}`,
  `${MARK}\u2028${MARK}`,
  `\ud800${MARK}`,
  `${MARK}\u0301\u0301\u0301`,
  `xn--${MARK}-`,
  `\uff51${MARK}\uff0ecom`,
  `${MARK}.${MARK.repeat(90)}`,
  // Names that mean something to a program.
  `__proto__.${MARK}`,
  `constructor[${MARK}]`,
  `http://169.254.169.254/${MARK}`,
  `http://${MARK}@127.0.0.1:6379/`,
  `ldap://${MARK}`,
  `\${jndi:ldap://${MARK}}`,
];
