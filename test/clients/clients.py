"""Calls a server as other people's clients do: clients.py NAME BASE_URL PICTURE. Prints the lines as a JSON list."""
import asyncio
import base64
import json
import pathlib
import shutil
import sys

import requests

name, base, picture = sys.argv[1:4]
data = pathlib.Path(picture).read_bytes()
text = base64.b64encode(data).decode()


def paddleserving():
    """PaddleOCR's deploy/pdserving/pipeline_http_client.py."""
    body = json.dumps({"key": ["image"], "value": [text]})
    answer = requests.post(f"{base}/ocr/prediction", data=body).json()
    assert answer["err_no"] == 0, answer["err_msg"]
    return [item[0][0] for item in eval(answer["value"][0])]


def paddlex():
    """The Python snippet of PaddleOCR 3's OCR service."""
    answer = requests.post(f"{base}/ocr", json={"file": text, "fileType": 1})
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["result"]["ocrResults"]
    assert base64.b64decode(result["ocrImage"])[:2] == b"\xff\xd8"
    return result["prunedResult"]["rec_texts"]


def rapidocr():
    """The Python snippet of rapidocr_api."""
    answer = requests.post(f"{base}/ocr", files={"image_file": ("page.png", data)})
    return [line["rec_txt"] for line in answer.json().values()]


def umiocr():
    """The Python snippet of Umi-OCR's page on its HTTP interface."""
    answer = requests.post(f"{base}/api/ocr", json={"base64": text, "options": {"data.format": "dict"}}).json()
    assert answer["code"] == 100, answer
    return [line["text"] for line in answer["data"]]


def paddleocr_mcp():
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    command = shutil.which("paddleocr_mcp", path=str(pathlib.Path(sys.executable).parent))
    arguments = ["--ppocr_source", "self_hosted", "--self-hosted-base-url", base]

    async def call():
        async with stdio_client(StdioServerParameters(command=command, args=arguments)) as (reader, writer):
            async with ClientSession(reader, writer) as session:
                await session.initialize()
                asked = {"input_data": str(pathlib.Path(picture).resolve()), "output_mode": "simple", "file_type": "image"}
                return await session.call_tool("ocr", asked)

    content = asyncio.run(call()).content
    assert not content[0].text.startswith("Error"), content[0].text
    return content[0].text.splitlines()


print(json.dumps(globals()[name]()))
