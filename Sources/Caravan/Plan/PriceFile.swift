import ArgumentParser
import Billing
import FoundationEssentials

/// Prices by their name, or from a file.
enum PriceFile {
  /// Bytes.
  private static let mostBytes = 64 * 1_024

  @Sendable static func book(_ nameOrPath: String) throws -> PriceBook {
    if let book = PriceBook.named(nameOrPath) { return book }
    guard let data = try? Data(contentsOf: URL(filePath: nameOrPath)) else {
      let names = PriceBook.all.map(\.name).joined(separator: ", ")
      throw ValidationError("'\(nameOrPath)' is neither known (\(names)) nor a file that can be read")
    }
    guard data.count <= mostBytes else { throw ValidationError("\(nameOrPath) is too large for a price file") }
    do {
      return try JSONDecoder().decode(PriceBook.self, from: data)
    } catch let error as BillingError {
      throw ValidationError("\(nameOrPath): \(error)")
    } catch {
      throw ValidationError("\(nameOrPath): it is no JSON object")
    }
  }
}
