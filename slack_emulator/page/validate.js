// What Slack's own client checks before it submits a view.

const EMPTY = "Please fill this in.";

function held(value) {
  if (!value) return null;
  const { type, ...rest } = value;
  const [content] = Object.values(rest);
  return Array.isArray(content) ? (content.length ? content : null) : content;
}

function wrong(element, content) {
  if (typeof content !== "string") return null;
  if (element.min_length && content.length < element.min_length)
    return `Please write at least ${element.min_length} characters.`;
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(content)) return "Please enter an e-mail address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/.test(content))
    return "Please enter a web address, such as https://example.org.";
  if (element.type === "number_input") return wrongNumber(element, content);
  return null;
}

function wrongNumber(element, content) {
  const pattern = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(content))
    return element.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  if (element.min_value !== undefined && Number(content) < Number(element.min_value))
    return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && Number(content) > Number(element.max_value))
    return `Please enter ${element.max_value} or less.`;
  return null;
}

/** The errors by block_id that can be seen without asking the app. */
export function missing(blocks, values) {
  const errors = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const content = held(values[block.block_id]?.[block.element.action_id]);
    const problem =
      content === null || content === undefined ? (block.optional ? null : EMPTY) : wrong(block.element, content);
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}
