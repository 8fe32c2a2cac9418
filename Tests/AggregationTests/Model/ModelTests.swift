import Testing

/// Invariant 2 over random schedules: clients by the protocol's rules on top of this server half end with the history, whatever crashes, is lost, late or
/// dropped. The reference model's idea; its client-side rules are tested where the client is.
@Suite struct ModelTests {
  @Test("Clients that follow the protocol have no silent gap", arguments: 0..<10)
  func noSilentGap(hundred: Int) {
    for seed in hundred * 100..<(hundred + 1) * 100 {
      var world = ModelWorld(seed: seed, fault: .none)
      let problem = world.run(steps: [60, 150, 300][seed % 3])
      #expect(problem == nil, "seed \(seed)")
    }
  }

  @Test(
    "The checker notices a server that breaks a rule",
    arguments: [
      ModelWorld.Fault.dropsSilently, .sameEpochAfterCrash, .forgetsToAnnounce,
    ])
  func checkerNotices(fault: ModelWorld.Fault) {
    let caught = (0..<2_000).contains { seed in
      var world = ModelWorld(seed: seed, fault: fault)
      return world.run(steps: [60, 150, 300][seed % 3]) != nil
    }
    #expect(caught)
  }
}
