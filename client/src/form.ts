import * as vscode from 'vscode';
import type { UserError } from '../../server/src/protocol';
import { errorText, plainLabel } from './userError';

/** The user closed the form. */
export const closed = Symbol('closed');
/** The user went back to the question before. */
export const back = Symbol('back');
export type Way = typeof closed | typeof back | 'next';

/** Tried on Enter, while the question is shown; its error stands under it, and the question stays. */
type Test<T> = (value: T, token: vscode.CancellationToken) => Promise<UserError | undefined>;

export interface TextQuestion {
  /** The form's */
  title: string;
  /** Without a way back */
  first?: boolean;
  prompt: string;
  placeholder?: string;
  value?: string;
  password?: boolean;
  validate: (text: string) => string | undefined;
  test?: Test<string>;
  /** A button beside the title that asks for something else meanwhile */
  button?: { icon: string; tooltip: string; run: () => Promise<unknown> };
}

const TRYING = 'Trying the connection … Esc cancels.';

/** An input box with validation, a back button, and a test that runs, and can be cancelled by closing, before it is left. */
export function askText(question: TextQuestion): Promise<string | typeof closed | typeof back> {
  const { title, first = false, button } = question;
  const box = vscode.window.createInputBox();
  Object.assign(box, { title, prompt: question.prompt, ignoreFocusOut: true });
  box.placeholder = question.placeholder;
  box.value = question.value ?? '';
  box.password = question.password ?? false;
  const own = button && { iconPath: new vscode.ThemeIcon(button.icon), tooltip: button.tooltip };
  box.buttons = [...(first ? [] : [vscode.QuickInputButtons.Back]), ...(own ? [own] : [])];
  const cancellation = new vscode.CancellationTokenSource();
  /** A dialog of the button's takes the place of the box */
  let aside = false;
  return new Promise((resolve) => {
    box.onDidTriggerButton(async (pressed) => {
      if (pressed === own) {
        aside = true;
        await button?.run();
        aside = false;
        box.validationMessage = undefined;
        box.show();
        return;
      }
      resolve(back);
      box.dispose();
    });
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(async () => {
      if (box.busy) return;
      const text = box.value;
      const problem = question.validate(text);
      if (problem) {
        box.validationMessage = problem;
        return;
      }
      if (question.test) {
        box.busy = true;
        box.enabled = false;
        box.prompt = TRYING;
        const error = await question.test(text, cancellation.token);
        if (cancellation.token.isCancellationRequested) return;
        box.busy = false;
        box.enabled = true;
        box.prompt = question.prompt;
        if (error) {
          box.validationMessage = errorText(error);
          box.show();
          return;
        }
      }
      resolve(text);
      box.dispose();
    });
    box.onDidHide(() => {
      if (aside) return;
      cancellation.cancel();
      resolve(closed);
      box.dispose();
    });
    box.show();
  });
}

export interface ChoiceQuestion<Id> {
  title: string;
  prompt: string;
  items: (vscode.QuickPickItem & { id: Id })[];
  test?: Test<Id>;
}

/** A list to pick from, with a back button, and a test that runs before it is left. */
export function askChoice<Id>(question: ChoiceQuestion<Id>): Promise<Id | typeof closed | typeof back> {
  type Item = vscode.QuickPickItem & { id?: Id };
  const { title, prompt, items } = question;
  const list = vscode.window.createQuickPick<Item>();
  Object.assign(list, { title, placeholder: prompt, ignoreFocusOut: true });
  list.items = items;
  list.buttons = [vscode.QuickInputButtons.Back];
  const cancellation = new vscode.CancellationTokenSource();
  let aside = false;
  return new Promise((resolve) => {
    const answer = (value: Id | typeof closed | typeof back) => {
      resolve(value);
      list.dispose();
    };
    list.onDidTriggerButton(() => answer(back));
    list.onDidAccept(async () => {
      const chosen = list.selectedItems[0];
      if (chosen?.id === undefined || list.busy) return;
      if (question.test) {
        list.busy = true;
        list.placeholder = TRYING;
        // What is tried may ask for a file first
        aside = true;
        const error = await question.test(chosen.id, cancellation.token);
        aside = false;
        if (cancellation.token.isCancellationRequested) return;
        list.busy = false;
        list.placeholder = prompt;
        if (error) {
          const label = `$(error) ${plainLabel(error.message)}`;
          const detail = error.advice ? plainLabel(error.advice) : undefined;
          list.items = [...items, ...(error.code === 'cancelled' ? [] : [{ label, detail, alwaysShow: true }])];
          list.activeItems = list.items.filter(({ id }) => id === chosen.id);
          list.show();
          return;
        }
      }
      answer(chosen.id);
    });
    list.onDidHide(() => {
      if (aside) return;
      cancellation.cancel();
      answer(closed);
    });
    list.show();
  });
}
