// Signatures that providers published, and some made from their rules: key, signed text, result.

type Vector = {
  readonly name: string
  readonly algorithm: 'sha256' | 'sha512'
  readonly key: string
  readonly text: string
  readonly signature: string
}

export const vnpayIpn: Vector = {
  name: 'VNPAY IPN (published)',
  algorithm: 'sha512',
  key: 'test_secret',
  text: 'vnp_Amount=1000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14422574&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang+2024-05-21T02%3A17%3A31.249Z&vnp_PayDate=20240521091806&vnp_ResponseCode=00&vnp_TmnCode=TEST_TMN_CODE&vnp_TransactionNo=14422574&vnp_TransactionStatus=00&vnp_TxnRef=1716257871703',
  signature:
    '649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895',
}

export const vnpayOrder: Vector = {
  name: 'VNPAY order (published, misspelt as published)',
  algorithm: 'sha512',
  key: 'YOUR_SECURE_SECRET',
  text: 'vnp_Amount=10000&vnp_OrderInfo=Payment+for+order+%231234567890&vnp_TnxRef=1234567890',
  signature:
    '7bb8160a5d2085a85b3267817a40ee4f770a335282f19714726e6fc6f28a64c75a1e7e9c1aa96f3cbda5ce44095088fb4cb2af66c596d2f655b0b53966312089',
}

export const payosWebhook: Vector = {
  name: 'payOS webhook (published)',
  algorithm: 'sha256',
  key: '1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675',
  text: 'accountNumber=12345678&amount=3000&code=00&counterAccountBankId=&counterAccountBankName=&counterAccountName=&counterAccountNumber=&currency=VND&desc=Thành công&description=VQRIO123&orderCode=123&paymentLinkId=124c33293c43417ab7879e14c8d9eb18&reference=TF230204212323&transactionDateTime=2023-02-04 18:25:00&virtualAccountName=&virtualAccountNumber=',
  signature: '412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03',
}

export const momoCreate: Vector = {
  name: 'MoMo create (made from the rule)',
  algorithm: 'sha256',
  key: 'test-secret',
  text: 'accessKey=ACCESS&amount=150000&extraData=&ipnUrl=https://shop.example/ipn&orderId=ORDER0001&orderInfo=Thanh toan ORDER0001&partnerCode=MOMOTEST&redirectUrl=https://shop.example/return&requestId=REQ0001&requestType=captureWallet',
  signature: '338405302ad371388b54de3a94b4ed5c534365283435086c05a1a9ec8fda254d',
}

export const momoIpn: Vector = {
  name: 'MoMo IPN (made from the rule)',
  algorithm: 'sha256',
  key: 'test-secret',
  text: 'accessKey=ACCESS&amount=150000&extraData=&message=Successful.&orderId=ORDER0001&orderInfo=Thanh toan ORDER0001&orderType=momo_wallet&partnerCode=MOMOTEST&payType=qr&requestId=REQ0001&responseTime=1772354100000&resultCode=0&transId=4088878653',
  signature: '3c1ff5b9dc8e2d3cc632e92362f58276aa9efb2335845a5f09a05ee449013696',
}

export const zalopayCreate: Vector = {
  name: 'ZaloPay create (made from the rule)',
  algorithm: 'sha256',
  key: 'test-key1',
  text: '2553|260301_ORDER0001|user01|150000|1772354100000|{}|[]',
  signature: '1481bed304abcc5d9e8da76a1033654c40107909cd72d34e8b3f27328499ef92',
}

export const payosCreate: Vector = {
  name: 'payOS create (made from the rule)',
  algorithm: 'sha256',
  key: 'test-checksum',
  text: 'amount=150000&cancelUrl=https://shop.example/cancel&description=VQRIO0001&orderCode=1001&returnUrl=https://shop.example/return',
  signature: '41d1e81d62bfaa96c298b984bb5ec387e71757c2aa095b9992fbbd533e1f3233',
}

/** Of calls and webhooks that are not used here: they hold the hashing port to its word all the same. */
const others: Vector[] = [
  {
    name: 'Casso webhook v2 (published)',
    algorithm: 'sha512',
    key: 'mgExMrjj4i7a1p8Cs6LmFbpCd8lbw4sSX4LZXPag7TKazeIogtR90tvWYTkwQbvs',
    text: '1727948258788.{"data":{"accountNumber":"88888888","amount":599000,"bankAbbreviation":"VPB","bankName":"VPBank","counterAccountBankId":"970415","counterAccountBankName":"VietinBank","counterAccountName":"NGUYEN VAN A","counterAccountNumber":"8888888888","description":"giao dich thu nghiem","id":0,"reference":"MA_GIAO_DICH_THU_NGHIEM","runningBalance":25000000,"transactionDateTime":"2024-10-03 15:06:37","virtualAccountName":"","virtualAccountNumber":""},"error":0}',
    signature:
      'ed0a4bd2e826d5cb69988cdb141e6c1a080e21f3b57eb72cd78192220042b9e7dde0868fc667faea8e224900fa7904e7c88dfa098032fb2d6b6996856e8b7ff3',
  },
  {
    name: 'VNPAY query (made from the rule)',
    algorithm: 'sha512',
    key: 'test-secret',
    text: 'REQ0001|2.1.0|querydr|TESTTMN1|ORDER0001|20260301161500|20260301162000|203.0.113.10|Truy van ORDER0001',
    signature:
      '5e16570aca511f6665a5d8cb50514db55d41d78552f4232998101cd8729dd5d16aef0d46a56fe6e7be5175ce6ccdb9925c77888a46f06488ce45e5d6e7028c96',
  },
  {
    name: 'VNPAY refund (made from the rule)',
    algorithm: 'sha512',
    key: 'test-secret',
    text: 'REQ0002|2.1.0|refund|TESTTMN1|03|ORDER0001|5000000|14000001|20260301161500|cashier01|20260301163000|203.0.113.10|Hoan tien ORDER0001',
    signature:
      '35b0afb10031eb0ef9faea7724acbf41d623b53a748877bfc7d7d20db2938b85a5f2a5731c51d68d10a2351d08622d53bc61fa5f5fb16f1453646c8726c8c21e',
  },
  {
    name: 'ZaloPay query (made from the rule)',
    algorithm: 'sha256',
    key: 'test-key1',
    text: '2553|260301_ORDER0001|test-key1',
    signature: '61fcec4c5263a1381f2fb15fb21892343c7b05b7d8304886f002a584a2bfcdc8',
  },
]

export const vectors: readonly Vector[] = [
  vnpayIpn,
  vnpayOrder,
  payosWebhook,
  momoCreate,
  momoIpn,
  zalopayCreate,
  payosCreate,
  ...others,
]

/** The fields of a text whose pairs are joined by `&`, not encoded. */
export const fieldsOf = (text: string): Record<string, string> =>
  Object.fromEntries(text.split('&').map((pair) => pair.split(/=(.*)/s, 2) as [string, string]))
