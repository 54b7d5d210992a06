// Lint for the few JavaScript files we write by hand. Types are tsc's matter (tsconfig.json).
import js from "@eslint/js";
import globals from "globals";

const unsafeMarkup = "text goes in with textContent: markup made from strings runs what a stranger typed";

export default [
  { ignores: ["node_modules/", ".venv/", "mutants/", "var/", "htmlcov/", "test-results/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-alert": "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: unsafeMarkup },
        { property: "outerHTML", message: unsafeMarkup },
        { property: "insertAdjacentHTML", message: unsafeMarkup },
        { property: "setHTMLUnsafe", message: unsafeMarkup },
        { property: "createContextualFragment", message: unsafeMarkup },
        { object: "document", property: "write", message: unsafeMarkup },
        { object: "document", property: "writeln", message: unsafeMarkup },
      ],
    },
  },
  {
    // The visitor's telephone may be old and cheap (tsconfig.visitor.json says the same about the library).
    files: ["chat/**"],
    languageOptions: { ecmaVersion: 2022 },
  },
  {
    files: ["tests/js/**", "eslint.config.js"],
    languageOptions: { globals: globals.node },
  },
];
