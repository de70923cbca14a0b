import { notedRefusals, type ReviewStanding } from "../../../src/github.ts";
import { oneLine } from "../../../src/plugin.ts";
import { list } from "./words.ts";

/** Who reviewed a head, in parts of a sentence: reviewers that are done, else people who approved it; who was not waited for; who refused. */
export function whoReviewed(standing: ReviewStanding): readonly string[] {
  const { policy, reviewers, activity } = standing;
  const at = activity.head.slice(0, 7);
  const titles = (state: string) =>
    reviewers.filter((one) => one.state === state).map(({ reviewer }) => oneLine(reviewer.title, 80));
  const [done, running, silent] = [titles("done"), titles("running"), titles("silent")];
  const approved = approvers(activity).map((login) => oneLine(login, 40));
  const rest = [
    ...(running.length > 0 ? [`${list(running)} still ${running.length === 1 ? "reviews" : "review"} it`] : []),
    ...(silent.length > 0 ? [`${list(silent)} ${silent.length === 1 ? "has" : "have"} not begun`] : []),
  ];
  const parts = [
    ...(done.length > 0 ? [`${at} is reviewed by ${list(done)}`] : []),
    ...(done.length === 0 && approved.length > 0 ? [`${at} is approved by ${list(approved)}`] : []),
    ...(rest.length > 0
      ? [`its reviewers are not waited for (ci_watch.reviews.wait is false): ${rest.join(", ")}`]
      : []),
    ...notedRefusals(standing),
  ];
  const nobody = policy.reviewers === "auto" || reviewers.length > 0 ? "reports on" : "is expected on";
  const [first = `No reviewer ${nobody} ${at}`, ...more] = parts;
  return [`${first.charAt(0).toUpperCase()}${first.slice(1)}`, ...more];
}

/** Logins whose last opinion is an approval of the head. */
function approvers({ acts, head }: ReviewStanding["activity"]): readonly string[] {
  const opinions = acts.filter(({ in: place, is }) => place === "review" && is !== "commented");
  const last = new Map(opinions.map((act) => [act.by ?? "ghost", act]));
  return [...last].filter(([, { is, sha }]) => is === "approved" && sha === head).map(([login]) => login);
}
