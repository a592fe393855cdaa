// SPDX-License-Identifier: MIT
#include "evidence/asic_manifest.hpp"

#include "domain/fault_code.hpp"
#include "evidence/names.hpp"
#include "xml/document.hpp"
#include "xml/writing.hpp"

namespace causeway::evidence {
namespace {

using xml::Element;

constexpr std::string_view kManifestNamespace = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
// Not the namespace of signatures: X-Road writes this one here.
constexpr std::string_view kAsicManifestNamespace = "http://uri.etsi.org/2918/v1.2.1#";
constexpr std::string_view kSpecifiedNamespace = "http://uri.etsi.org/02918/v1.2.1#";
constexpr std::string_view kRoot = "/";

constexpr xml::Limits kLimits{.bytes = std::size_t{1} << 20,
                              .depth = 16,
                              .elements = 20'000,
                              .attributes_of_an_element = 16,
                              .namespace_declarations = 64};

Fault malformed(std::string_view file, std::string text) {
  return fault(FaultCode::asic_invalid_container, std::string(file) + ": " + std::move(text));
}

void append_file(std::string& text, const FileManifest::File& file) {
  text += "    <manifest:file-entry manifest:media-type=\"" + xml::escape_attribute(file.media_type) +
          "\" manifest:full-path=\"" + xml::escape_attribute(file.path) + "\"/>\n";
}

Result<AsicManifest::Reference> read_reference(const Element& element) {
  AsicManifest::Reference reference;
  reference.uri = element.attribute("URI").value_or("");
  reference.media_type = element.attribute("MimeType").value_or("");
  const auto method = element.child(kDsNamespace, "DigestMethod");
  const auto value = element.child(kDsNamespace, "DigestValue");
  auto digest = from_base64(value ? value->text() : "");
  if (reference.uri.empty() || element.has_text() || !method || !value || !digest)
    return malformed("ASiCManifest.xml", "a reference without URI or digest");
  reference.algorithm = pki::digest_from_uri(method->attribute("Algorithm").value_or(""));
  reference.digest = *std::move(digest);
  return reference;
}

}  // namespace

std::string write_file_manifest(const FileManifest& manifest) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\""
      " manifest:version=\"1.2\">\n";
  append_file(text, {std::string(kRoot), manifest.media_type});
  for (const FileManifest::File& file : manifest.files) append_file(text, file);
  return text + "</manifest:manifest>\n";
}

std::string write_asic_manifest(const AsicManifest& manifest) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/2918/v1.2.1#\""
      " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n"
      "<asic:SigReference URI=\"" +
      xml::escape_attribute(manifest.signature_uri) + "\" MimeType=\"vnd.etsi.timestamp-token\"/>\n";
  for (const AsicManifest::Reference& reference : manifest.references)
    text += "<asic:DataObjectReference URI=\"" + xml::escape_attribute(reference.uri) + "\" MimeType=\"" +
            xml::escape_attribute(reference.media_type) + "\">\n<ds:DigestMethod Algorithm=\"" +
            std::string(pki::digest_uri(reference.algorithm.value_or(pki::DigestAlgorithm::sha512))) +
            "\" />\n<ds:DigestValue>" + to_base64(reference.digest) +
            "</ds:DigestValue>\n</asic:DataObjectReference>\n";
  return text + "</asic:ASiCManifest>";
}

Result<FileManifest> read_file_manifest(std::string_view text) {
  const auto document = xml::Document::parse(text, kLimits);
  if (!document) return malformed("manifest.xml", document.error().text);
  if (!document->root().is(kManifestNamespace, "manifest") || document->root().has_text())
    return malformed("manifest.xml", "it is no manifest");
  FileManifest manifest;
  for (const Element child : document->root().children()) {
    if (!child.is(kManifestNamespace, "file-entry")) continue;
    const auto path = child.attribute(kManifestNamespace, "full-path");
    const auto type = child.attribute(kManifestNamespace, "media-type");
    if (!path || path->empty() || !type) return malformed("manifest.xml", "an entry without path or type");
    if (*path == kRoot)
      manifest.media_type = *type;
    else
      manifest.files.push_back({*path, *type});
  }
  return manifest;
}

Result<AsicManifest> read_asic_manifest(std::string_view text) {
  const auto document = xml::Document::parse(text, kLimits);
  if (!document) return malformed("ASiCManifest.xml", document.error().text);
  const Element root = document->root();
  const std::string_view ns = root.namespace_uri();
  if ((ns != kAsicManifestNamespace && ns != kSpecifiedNamespace) || root.name() != "ASiCManifest" || root.has_text())
    return malformed("ASiCManifest.xml", "it is no manifest");
  AsicManifest manifest;
  if (const auto signature = root.child(ns, "SigReference"))
    manifest.signature_uri = signature->attribute("URI").value_or("");
  for (const Element child : root.children()) {
    if (!child.is(ns, "DataObjectReference")) continue;
    auto reference = read_reference(child);
    if (!reference) return std::move(reference).error();
    manifest.references.push_back(*std::move(reference));
  }
  if (manifest.signature_uri.empty() || manifest.references.empty())
    return malformed("ASiCManifest.xml", "it refers to no timestamp or to no data");
  return manifest;
}

}  // namespace causeway::evidence
