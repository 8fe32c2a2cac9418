/// docs/configuration.md.
enum Documentation {
  static var configuration: String {
    """
    # Configuration

    Every setting of `caravan serve` is a flag, an environment variable or a line of a file that `--config FILE` (or `CARAVAN_CONFIG`) names.
    A flag wins over a variable, a variable over the file. The file has lines of `name = value` without the two hyphens; `#` begins a comment.
    `caravan check-config` takes the same and says what is wrong without starting anything.

    | flag | variable | default | meaning |
    |---|---|---|---|
    \(Setting.all.map(row).joined(separator: "\n"))

    This page is written by `caravan documentation`.

    """
  }

  private static func row(_ setting: Setting) -> String {
    let value = setting.value.replacing("|", with: "\\|")
    return "| `--\(setting.name) \(value)` | `\(setting.variable)` | \(setting.fallback) | \(setting.summary) |"
  }
}
