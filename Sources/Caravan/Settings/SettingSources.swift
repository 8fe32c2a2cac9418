import FoundationEssentials

/// Adds to the command line what the environment and a file say. A flag wins over a variable, a variable over the file.
struct SettingSources {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// - Parameters:
  ///   - arguments: of the command line, without the program's name.
  ///   - names: the settings that the command takes.
  static func expand(_ arguments: [String], names: [Setting], environment: [String: String]) throws -> [String] {
    func given(_ setting: Setting) -> Bool {
      arguments.contains { $0 == "--\(setting.name)" || $0.hasPrefix("--\(setting.name)=") }
    }
    var file: [String: String] = [:]
    var rest = arguments
    if let index = rest.firstIndex(of: "--config"), index + 1 < rest.count {
      file = try read(rest[index + 1])
      rest.removeSubrange(index...index + 1)
    } else if let path = environment["CARAVAN_CONFIG"] {
      file = try read(path)
    }
    for setting in names where !given(setting) {
      if let value = environment[setting.variable] ?? file[setting.name] { rest.append("--\(setting.name)=\(value)") }
    }
    return rest
  }

  /// Lines of `name = value`; `#` begins a comment.
  private static func read(_ path: String) throws -> [String: String] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(description: "the configuration file \(path) cannot be read")
    }
    var values: [String: String] = [:]
    for (number, line) in String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let text = trim(line.prefix { $0 != "#" })
      if text.isEmpty { continue }
      guard let equals = text.firstIndex(of: "=") else {
        throw Failure(description: "\(path):\(number + 1): expected 'name = value'")
      }
      let name = String(trim(text[..<equals]))
      guard Setting.all.contains(where: { $0.name == name }) else {
        throw Failure(
          description: "\(path):\(number + 1): there is no setting '\(name)'; 'caravan serve --help' lists them")
      }
      values[name] = String(trim(text[text.index(after: equals)...]))
    }
    return values
  }

  private static func trim(_ text: Substring) -> Substring {
    let start = text.drop { $0.isWhitespace }
    return start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)]
  }
}
