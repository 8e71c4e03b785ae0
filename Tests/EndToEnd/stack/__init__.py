"""The real programs that the tests run: PinGate, the stand-in for Vonage, and the web servers in front of them."""
