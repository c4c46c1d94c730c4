// An app's Home tab.

import { post, read } from "./api.js";
import { h } from "./dom.js";
import { makeForm } from "./form.js";
import { on, state } from "./state.js";
import { orNotice } from "./toast.js";

let current = null; // {bot, form, empty}
on("stream:home", ({ bot }) => {
  if (current && (!bot || bot === current.bot.id)) refresh(current);
});

/** The Home tab of `bot` as a node that keeps itself up to date. */
export function homeTab(bot) {
  const me = state.me.id;
  const form = makeForm({
    onAct: (action) =>
      orNotice(
        post("/_control/view-interact", {
          user: me,
          home: true,
          view_id: mine.view?.id,
          action,
          values: form.values(),
        }),
      ),
  });
  const empty = h("p", { class: "empty", hidden: true }, `${bot.real_name} has not put anything here yet.`);
  const mine = { bot, form, empty, me, view: null };
  current = mine;
  orNotice(post("/_control/open-home", { user: me, bot: bot.id })).then(() => refresh(mine));
  refresh(mine);
  return h(
    "div",
    { class: "scroller home", "data-testid": "home" },
    h("div", { class: "home-inner" }, empty, form.node),
  );
}

/** The Home tab is no longer on the page. */
export function leaveHome() {
  current = null;
}

async function refresh(mine) {
  const answer = await orNotice(read("/_page/home", { as: mine.me, bot: mine.bot.id }));
  if (!answer || current !== mine) return;
  const fresh = answer.view?.id !== mine.view?.id;
  mine.view = answer.view;
  mine.empty.hidden = Boolean(answer.view);
  mine.form.update(answer.view?.blocks ?? [], { values: answer.view?.state?.values, fresh });
}
