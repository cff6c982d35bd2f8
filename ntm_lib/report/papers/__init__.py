"""The papers that officials sign, their annexes and the public page."""
