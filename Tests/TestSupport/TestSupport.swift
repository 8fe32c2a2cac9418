// TestSupport: fixtures shared by the test targets.
