"""Calls a server as other people's clients do: clients.py NAME BASE_URL PICTURE. Prints the lines as a JSON list."""
import asyncio
import base64
import json
import pathlib
import shutil
import sys

name, base, picture = sys.argv[1:4]
data = pathlib.Path(picture).read_bytes()
text = base64.b64encode(data).decode()


def paddleserving():
    """PaddleOCR's deploy/pdserving/pipeline_http_client.py."""
    import requests

    body = json.dumps({"key": ["image"], "value": [text]})
    answer = requests.post(f"{base}/ocr/prediction", data=body).json()
    assert answer["err_no"] == 0, answer["err_msg"]
    return [item[0][0] for item in eval(answer["value"][0])]


def paddlex():
    """The Python snippet of PaddleOCR 3's OCR service."""
    import requests

    answer = requests.post(f"{base}/ocr", json={"file": text, "fileType": 1})
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["result"]["ocrResults"]
    assert base64.b64decode(result["ocrImage"])[:2] == b"\xff\xd8"
    return result["prunedResult"]["rec_texts"]


def rapidocr():
    """The Python snippet of rapidocr_api."""
    import requests

    answer = requests.post(f"{base}/ocr", files={"image_file": ("page.png", data)})
    return [line["rec_txt"] for line in answer.json().values()]


def umiocr():
    """The Python snippet of Umi-OCR's page on its HTTP interface."""
    import requests

    answer = requests.post(f"{base}/api/ocr", json={"base64": text, "options": {"data.format": "dict"}}).json()
    assert answer["code"] == 100, answer
    return [line["text"] for line in answer["data"]]


def triton():
    import numpy
    import tritonclient.http as http

    client = http.InferenceServerClient(base.split("//")[1])
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("ocr")
    assert client.get_server_metadata()["name"] == "ocrhub"
    assert client.get_model_metadata("ocr")["inputs"][0]["datatype"] == "BYTES"
    image = http.InferInput("image", [1], "BYTES")
    image.set_data_from_numpy(numpy.array([data], dtype=object))
    result = client.infer("ocr", [image], request_id="a 1")
    assert result.get_response()["id"] == "a 1"
    texts = result.as_numpy("txts")
    assert result.as_numpy("boxes").shape == (len(texts), 4, 2)
    assert result.as_numpy("scores").dtype == numpy.float32
    image.set_data_from_numpy(numpy.array([text], dtype=object), binary_data=False)
    wanted = [http.InferRequestedOutput("txts", binary_data=False)]
    again = client.infer("ocr", [image], outputs=wanted).as_numpy("txts")
    assert [line.decode() for line in texts] == list(again), again
    try:
        client.infer("ocr", [image], priority=1)
    except http.InferenceServerException as error:
        assert "priority" in error.message(), error
    else:
        raise AssertionError("priority is taken")
    return list(again)


def kserve():
    """The REST client of KServe's SDK."""
    import kserve
    import numpy

    async def call():
        client = kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2"))
        assert await client.is_server_ready(base) and await client.is_model_ready(base, "ocr")
        image = kserve.InferInput("image", [1], "BYTES")
        image.set_data_from_numpy(numpy.array([data], dtype=object))
        asked = kserve.InferRequest(model_name="ocr", infer_inputs=[image])
        return await client.infer(base, asked, model_name="ocr")

    (texts,) = [output for output in asyncio.run(call()).outputs if output.name == "txts"]
    return [line.decode() if isinstance(line, bytes) else line for line in texts.as_numpy()]


def docling():
    """docling's OCR engine kserve_v2_ocr, with the pixels of a page as it sends them."""
    import numpy
    from docling.datamodel.accelerator_options import AcceleratorOptions
    from docling.datamodel.pipeline_options import KserveV2OcrOptions
    from docling.models.stages.ocr.kserve_v2_ocr_model import KserveV2OcrModel
    from PIL import Image

    def read(is_binary):
        options = KserveV2OcrOptions(url=base, transport="http", use_binary_data=is_binary)
        model = KserveV2OcrModel(True, None, options, AcceleratorOptions(), enable_remote_services=True)
        pixels = model._preprocess_image(Image.open(picture))
        answer = model._kserve_client.infer(
            inputs={"lang_type": model._lang_input, "image": pixels},
            output_names=["boxes", "txts", "scores"],
            request_parameters=options.request_parameters,
        )
        assert answer["boxes"].shape == (len(answer["txts"]), 4, 2)
        return [line.decode() if isinstance(line, bytes) else line for line in answer["txts"]]

    texts = read(True)
    assert read(False) == texts
    return texts


def azure():
    """As paperless-ngx calls it: the lines, and the searchable PDF file."""
    from azure.ai.documentintelligence import DocumentIntelligenceClient
    from azure.ai.documentintelligence.models import AnalyzeDocumentRequest
    from azure.core.credentials import AzureKeyCredential

    client = DocumentIntelligenceClient(endpoint=base, credential=AzureKeyCredential("any"))
    request = AnalyzeDocumentRequest(bytes_source=data)
    poller = client.begin_analyze_document("prebuilt-read", request, output_content_format="text", output=["pdf"])
    result = poller.result()
    pdf = b"".join(client.get_analyze_result_pdf("prebuilt-read", poller.details["operation_id"]))
    assert pdf.startswith(b"%PDF-"), pdf[:20]
    return [line.content for line in result.pages[0].lines]


def form_recognizer():
    """The older name of the same service."""
    from azure.ai.formrecognizer import DocumentAnalysisClient
    from azure.core.credentials import AzureKeyCredential

    result = DocumentAnalysisClient(base, AzureKeyCredential("any")).begin_analyze_document("prebuilt-read", data).result()
    return [line.content for line in result.pages[0].lines]


def paddleocr_api():
    from paddleocr import Model, PaddleOCRClient

    client = PaddleOCRClient(token="any", base_url=base)
    return client.ocr(file_path=picture, model=Model.PP_OCRV6).pages[0].pruned_result["rec_texts"]


def langchain():
    """The loader of langchain-paddleocr. Its text is Markdown."""
    from langchain_paddleocr import PaddleOCRVLLoader
    from pydantic import SecretStr

    (document,) = PaddleOCRVLLoader(picture, access_token=SecretStr("any"), base_url=base).load()
    return [document.page_content]


def haystack():
    """The converter of paddleocr-haystack. Its text is Markdown."""
    from haystack.utils import Secret
    from haystack_integrations.components.converters.paddleocr import PaddleOCRVLDocumentConverter

    converter = PaddleOCRVLDocumentConverter(base_url=base, access_token=Secret.from_token("any"))
    (document,) = converter.run(sources=[picture])["documents"]
    return [document.content]


def mistral():
    """A file that is uploaded and read by its address. The answer is Markdown; its letters are those of the lines."""
    from mistralai.client import Mistral

    client = Mistral(api_key="any", server_url=base)
    file = client.files.upload(file={"file_name": "page.png", "content": data}, purpose="ocr")
    url = client.files.get_signed_url(file_id=file.id, expiry=1).url
    result = client.ocr.process(model="any", document={"type": "document_url", "document_url": url})
    assert client.files.delete(file_id=file.id).deleted
    return [result.pages[0].markdown]


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
