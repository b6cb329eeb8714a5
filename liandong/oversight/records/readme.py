"""The page that lies on top of a record and says in Chinese what it is and how to check it."""

from __future__ import annotations

from typing import Any

TEXT = """联动 · 现场检查封存案卷
========================

检查编号    {number}
检查标识    {id}
生成时间    {made_at}（UTC）
签发公钥    {public_key}（Ed25519）
台账区间    {ledger}

一、这是什么
    本文件封存一次现场检查的全部内容：检查记录、检查清单、照片与签名原件、发现的问题及其办理过程、
    手机端每一项操作的原文与服务器回执、全过程台账中的相应记录。
    依据：行政处罚法第四十六条（证据）、第四十七条（执法全过程记录）。

二、里面有什么
    manifest.json       清单：列出全部文件的次序与 SHA-256 校验值
    signature.json      本系统对清单的签名（Ed25519）
    record/             检查、任务、清单答案、照片、签名、亮证与询问等现场记载、问题、办理、回头看、退回与补正
    deeds/              手机端操作原文，附服务器签名的回执
    ledger/facts/       台账记录；ledger/links.txt 为区间内其他记录的校验值（不含内容）
    documents/          现场检查（勘察）笔录、调查询问笔录（PDF）
    originals/          照片与手写签名的原始文件，以校验值命名

三、怎样核验
    1. 网页：打开联动系统的 /public/#/verify，选择本文件。文件只在浏览器内核验，不上传。
    2. 命令：liandong record verify 本文件.zip --json
       加 --key 公钥 可确认签发单位；公钥应另行向签发单位索取，不要只用本页所写的。
    任何一个字节被改动、任何文件被增删、改名或移位，核验都会指出是哪一处。
    请勿解压后重新打包：重新打包的文件不再是原件。

四、能证明什么，不能证明什么
    能证明：内容自生成以来未被改动；每项操作与服务器收到时一致；台账记录的先后次序，
    以及首末两条记录之间没有插入或抽走。
    不能单凭本文件证明：签发单位保管密钥是否得当；手机时钟是否准确（操作中记有时钟偏差）；
    区间内其他台账记录与本次检查无关（由签发单位以签名保证）。
"""


def readme(manifest: dict[str, Any]) -> str:
    """The page for this record."""
    span = manifest["ledger"]
    ledger = f"第 {span['from_seq']} 至 {span['to_seq']} 条" if span else "无"
    return TEXT.format(
        **manifest["inspection"], **{name: manifest[name] for name in ("made_at", "public_key")}, ledger=ledger
    )
