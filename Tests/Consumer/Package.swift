// swift-tools-version: 6.0
import PackageDescription

// Another team's service: it knows of Caravan nothing but the library product AuthValidator.
let package = Package(
  name: "consumer",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "caravan", path: "../..")],
  targets: [
    .executableTarget(name: "Consumer", dependencies: [.product(name: "AuthValidator", package: "caravan")])
  ],
  swiftLanguageModes: [.v6]
)
