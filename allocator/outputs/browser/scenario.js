/** What makes a what-if on the command line: settings to add to the run's own, and its scenario with them put in. */

/** A number as TOML and --set take it, with no more digits than it was typed with. */
export const plain = (value) => String(Number(value.toPrecision(12)));

/** Words for a shell: bare where that is safe, else in single quotes. */
const quoted = (word) => (/^[\w.,:=+/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\"'\"'")}'`);

/** The key of a setting as --set takes it: a name that is no bare word stands in quotes. */
function key(control) {
  const section = control.setting.slice(0, control.setting.length - control.part.length);
  return control.part && !/^[\w-]+$/.test(control.part) ? section + JSON.stringify(control.part) : control.setting;
}

/**
 * The command of a what-if.
 * @param {Object} facts  of the page: the command that makes the run's plan, what it sets, and the controls
 * @param {Object<string, number>} values  moved settings
 */
export function commandOf(facts, values) {
  const moved = facts.controls.filter((control) => control.setting in values);
  const set = moved.map((control) => `${key(control)}=${plain(values[control.setting])}`);
  return [...facts.command.map(quoted), ...[...facts.overrides, ...set].map((one) => `--set ${quoted(one)}`)].join(" ");
}

/**
 * What a saved scenario says first: how it is solved. One whose tables are the run's own needs to be told where they are.
 * @param {Object} facts  of the page
 * @param {string} file  the name under which it is saved
 */
export function howToSolve(facts, file) {
  const own = facts.overrides.filter((one) => /^(data|tables[.]\w+|grants[.]file)=/.test(one));
  return `# ${["allocator", "solve", file].join(" ")}${own.map((one) => ` --set ${quoted(one)}`).join("")}\n`;
}

/**
 * The run's scenario with settings put in: the canonical text has one line a setting, under the head of its section.
 * @param {string} toml
 * @param {Object[]} controls
 * @param {Object<string, number>} values
 * @param {string} title
 */
export function scenarioOf(toml, controls, values, title) {
  const lines = toml.trimEnd().split("\n");
  const put = (section, name, value) => {
    let at = section ? lines.indexOf(`[${section}]`) : -1;
    if (section && at < 0) {
      lines.push("", `[${section}]`);
      at = lines.length - 1;
    }
    let end = at + 1;
    while (end < lines.length && !lines[end].startsWith("[")) {
      if (lines[end].startsWith(`${name} = `)) {
        lines[end] = `${name} = ${value}`;
        return;
      }
      end += 1;
    }
    lines.splice(at + 1, 0, `${name} = ${value}`);
  };
  for (const control of controls) {
    if (!(control.setting in values)) continue;
    const cut = control.part ? control.setting.length - control.part.length - 1 : control.setting.lastIndexOf(".");
    const name = control.part ? JSON.stringify(control.part) : control.setting.slice(cut + 1);
    put(control.setting.slice(0, cut), name, plain(values[control.setting]));
  }
  put("", "title", JSON.stringify(title));
  return `${lines.join("\n")}\n`;
}
