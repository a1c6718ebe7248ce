"""What is said where a recipient is ciphertext that only its platform reads."""

WORDS = "收件人是平台密文，只能向能接密文单的供应商平台下单"
