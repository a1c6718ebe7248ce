"""What is said where a recipient is ciphertext that only its platform reads."""

UNREAD_WORDS = "收件人不完整，只能按接口交给店铺绑定的厂家"
WORDS = "收件人是平台加密的，只能向能接加密单的供应商平台下单"
