import Aggregation
import ChatDomain
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
  @Test("A stream begins with its base line, and news follows")
  func aStreamBeginsWithItsBase() async throws {
    try await StreamServer.run { server in
      let client = try await server.open()
      #expect(client.status == 200)
      let ready = try #require(await client.next())
      let epoch = try #require(ready.field("epoch"))
      #expect(ready == "event: ready\ndata: {\"epoch\":\"\(epoch)\",\"seq\":0}")

      server.service.receive([delivery("hello", to: [1])])
      let news = try #require(await client.next())
      #expect(
        news.hasPrefix(
          "event: news\nid: \(epoch):1\ndata: {\"epoch\":\"\(epoch)\",\"first\":1,\"seq\":1,\"news\":[{\"seq\":1,\"chat_id\":\"\(ChatID.number(1))\",\"messages\":[{"
        ))
      #expect(news.hasSuffix("}]}],\"reads\":[]}"))
      #expect(news.field("text") == "hello")
      #expect(news.field("sent_at") == "1970-01-01T00:00:00.001Z")
    }
  }

  @Test("A key is shown to its sender only")
  func aKeyIsShownToIts() async throws {
    try await StreamServer.run { server in
      let key = IdempotencyKey.number(5)
      let (sender, other) = (try await server.open(1), try await server.open(2))
      _ = await sender.next()
      _ = await other.next()
      server.service.receive([delivery("hello", to: [1, 2], from: 1, key: key)])
      #expect(await sender.next()?.field("key") == "\(key)")
      let others = try #require(await other.next())
      #expect(others.contains("\"key\":null"))
    }
  }

  @Test("A long text comes as a stub: one above a kibibyte is to be fetched")
  func aTextAboveAKibibyteIs() async throws {
    try await StreamServer.run { server in
      let client = try await server.open()
      _ = await client.next()
      server.service.receive([delivery(String(repeating: "é", count: 513), to: [1])])
      let news = try #require(await client.next())
      #expect(news.contains("\"fetch\":true") && !news.contains("\"text\":"))
    }
  }

  @Test("A receipt is an event without a number")
  func aReceiptIsAnEventWithout() async throws {
    try await StreamServer.run { server in
      let client = try await server.open()
      _ = await client.next()
      server.service.receive([receipt(of: 2, to: [1])])
      let event = try #require(await client.next())
      #expect(
        event.hasPrefix(
          "event: read\ndata: {\"chat_id\":\"\(ChatID.number(1))\",\"user_id\":\"\(UserID.number(2))\",\"message_id\":\""
        ))
    }
  }

  @Test("A reconnect replays what it missed")
  func aReconnectReplaysWhatItMissed() async throws {
    try await StreamServer.run { server in
      let first = try await server.open()
      _ = await first.next()
      server.service.receive([delivery("a", to: [1])])
      let seen = try #require(await first.next()?.eventID)
      server.service.receive([delivery("b", to: [1])])
      _ = await first.next()
      let second = try await server.open(lastEvent: seen)
      #expect(await second.next()?.hasPrefix("event: ready") == true)
      let news = try #require(await second.next())
      #expect(news.field("text") == "b" && news.contains("\"seq\":2"))
      #expect(await first.next() == "event: bye\ndata: {\"reason\":\"replaced\"}")
      #expect(await first.next() == nil)
    }
  }

  @Test(
    "An id that cannot be continued is answered with resync right after ready, at the same place: one catch-up for both",
    arguments: ["nonsense", "00000000000000aa:3", ""])
  func resync(lastEvent: String) async throws {
    try await StreamServer.run { server in
      let client = try await server.open(lastEvent: lastEvent)
      let ready = try #require(await client.next())
      let epoch = try #require(ready.field("epoch"))
      #expect(await client.next() == "event: resync\ndata: {\"epoch\":\"\(epoch)\",\"seq\":0}")
    }
  }

  @Test("An eleventh stream of a user is refused")
  func anEleventhStreamOfAUser() async throws {
    try await StreamServer.run { server in
      var clients: [StreamClient] = []
      for device in 1...10 {
        let client = try await server.open(device: device)
        _ = await client.next()
        clients.append(client)
      }
      let refused = try await server.open(device: 11)
      #expect(refused.status == 429)
      #expect(await refused.rest().contains("too_many_streams"))
      let other = try await server.open(2, device: 11)
      #expect(other.status == 200)
      #expect(clients.count == 10)
    }
  }

  @Test("A stream names its device, and its caller")
  func aStreamNamesItsDeviceAnd() async throws {
    try await StreamServer.run { server in
      for query in ["", "device=mine"] {
        let refused = try await server.open(query: query)
        #expect(refused.status == 400)
      }
    }
  }

  @Test("An idle stream hears a comment every fifteen seconds")
  func anIdleStreamHearsAComment() async throws {
    try await StreamServer.run { server in
      let client = try await server.open()
      _ = await client.next()
      server.clock.advance(seconds: 15)
      #expect(await client.next() == ":")
      server.clock.advance(seconds: 30)
      #expect(await client.next() == ":")
      #expect(await client.next() == ":")
      #expect(server.clock.timerCount == 1)
    }
  }

  @Test("A stream ends when its token expires")
  func aStreamEndsWhenItsToken() async throws {
    try await StreamServer.run(tokenSeconds: 10) { server in
      let client = try await server.open()
      _ = await client.next()
      server.clock.advance(seconds: 9)
      #expect(server.channel.openCount == 1)
      server.clock.advance(seconds: 1)
      #expect(server.channel.openCount == 0)
      while let event = await client.next() { #expect(event == ":") }
    }
  }

  @Test("Draining says bye to every stream and refuses new ones")
  func drainingSaysByeToEveryStream() async throws {
    try await StreamServer.run { server in
      let client = try await server.open()
      _ = await client.next()
      server.channel.drain()
      #expect(await client.next() == "event: bye\ndata: {\"reason\":\"draining\"}")
      #expect(await client.next() == nil)
      let refused = try await server.open(device: 2)
      #expect(refused.status == 503)
    }
  }

  @Test("A slow reader is cut off, and the others are not held up")
  func aSlowReaderIsCutOff() async throws {
    try await StreamServer.run(outstandingBytes: 128 * 1_024) { server in
      let (slow, quick) = (try await server.open(device: 1), try await server.open(device: 2))
      _ = await slow.next()
      _ = await quick.next()
      try await slow.stopReading()
      let text = String(repeating: "x", count: 1_000)
      var rounds = 0
      // The kernel buffers some megabytes first.
      while !server.metrics.render().contains("caravan_stream_slow_readers_total 1"), rounds < 2_000 {
        rounds += 1
        server.service.receive(
          (0..<30).map { _ in delivery(text, to: [1]) } + [delivery("round \(rounds)", to: [1])])
        while let news = await quick.next(), !news.contains("\"round \(rounds)\"") {}
      }
      #expect(server.metrics.render().contains("caravan_stream_slow_readers_total 1"))
      #expect(server.channel.openCount == 1)
      try await slow.startReading()
      var last: String?
      while let event = await slow.next() { last = event.eventID ?? last }
      let again = try await server.open(device: 1, lastEvent: last)
      #expect(await again.next()?.hasPrefix("event: ready") == true)
    }
  }

  @Test("A client that goes leaves nothing open")
  func aClientThatGoesLeavesNothing() async throws {
    try await StreamServer.run { server in
      let client = try await server.open()
      _ = await client.next()
      try await client.close()
      try await wait { server.channel.openCount == 0 }
      #expect(server.metrics.render().contains("caravan_stream_open 0"))
    }
  }
}
