// The common emoji names; a name that is not here stays as typed.

const TABLE = `
+1 👍|thumbsup 👍|-1 👎|wave 👋|clap 👏|pray 🙏|muscle 💪|raised_hands 🙌|raised_hand ✋|point_right 👉|point_up ☝️|ok_hand 👌|handshake 🤝
smile 😄|grinning 😀|slightly_smiling_face 🙂|wink 😉|blush 😊|joy 😂|thinking_face 🤔|sweat_smile 😅|sob 😭|cry 😢|heart_eyes 😍|relieved 😌|neutral_face 😐|eyes 👀
heart ❤️|green_heart 💚|blue_heart 💙|yellow_heart 💛|star ⭐|sparkles ✨|fire 🔥|tada 🎉|rocket 🚀|100 💯|rainbow 🌈|sunny ☀️|seedling 🌱|herb 🌿|deciduous_tree 🌳|evergreen_tree 🌲|sunflower 🌻
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|warning ⚠️|information_source ℹ️|question ❓|exclamation ❗|bulb 💡|lock 🔒|unlock 🔓|key 🔑|shield 🛡️|mag 🔍|bell 🔔|no_bell 🔕|mute 🔇
calendar 📆|date 📅|spiral_calendar_pad 🗓️|alarm_clock ⏰|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|clock1 🕐|clock9 🕘|clock10 🕙|pause_button ⏸️|arrow_forward ▶️|double_vertical_bar ⏸️
memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|bookmark 🔖|pushpin 📌|paperclip 📎|link 🔗|books 📚|book 📖|envelope ✉️|mailbox 📫|inbox_tray 📥|outbox_tray 📤|speech_balloon 💬|left_speech_bubble 🗨️|thought_balloon 💭|mega 📣|loudspeaker 📢|ear 👂
bar_chart 📊|chart_with_upwards_trend 📈|dart 🎯|compass 🧭|wrench 🔧|gear ⚙️|hammer_and_wrench 🛠️|package 📦|coffee ☕|house 🏠|busts_in_silhouette 👥|bust_in_silhouette 👤|people_holding_hands 🧑‍🤝‍🧑|robot_face 🤖|palm_tree 🌴
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrows_counterclockwise 🔄|repeat 🔁|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|large_green_circle 🟢|large_yellow_circle 🟡|red_circle 🔴|large_blue_circle 🔵|white_circle ⚪`;

const EMOJI = new Map(
  TABLE.trim()
    .split(/[\n|]/)
    .map((entry) => {
      const space = entry.lastIndexOf(" ");
      return [entry.slice(0, space), entry.slice(space + 1)];
    }),
);

/** What people are offered as a reaction. */
export const QUICK_REACTIONS = ["+1", "heart", "tada", "eyes", "clap", "thinking_face", "seedling", "white_check_mark"];

/** The sign for an emoji name, or null. */
export function emoji(name) {
  return EMOJI.get(name.replace(/::skin-tone-\d$/, "")) ?? null;
}

/** Plain text with its :names: replaced. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}
