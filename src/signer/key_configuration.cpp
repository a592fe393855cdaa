// SPDX-License-Identifier: MIT
#include "signer/key_configuration.hpp"

#include <charconv>

#include "domain/fault_code.hpp"
#include "xml/document.hpp"
#include "xml/writing.hpp"

namespace causeway::signer {
namespace {

using xml::Element;

constexpr std::string_view kNamespace = "http://x-road.eu/xsd/xroad.xsd";
constexpr std::string_view kIdentifiersNamespace = "http://x-road.eu/xsd/identifiers";
// Some 3 KB for each certificate: room for a server with thousands of members.
constexpr xml::Limits kLimits{.bytes = 64UL << 20, .elements = 2'000'000};

template <class Visit>
void for_each(const Element& parent, std::string_view name, Visit visit) {
  for (const Element child : parent.children())
    if (child.name() == name) visit(child);
}

// By local name: identifiers are qualified, everything else is not.
std::optional<Element> child(const Element& parent, std::string_view name) {
  for (const Element node : parent.children())
    if (node.name() == name) return node;
  return std::nullopt;
}

std::optional<std::string> optional_text(const Element& parent, std::string_view name) {
  const std::optional<Element> node = child(parent, name);
  return node ? std::optional(node->text()) : std::nullopt;
}

std::string child_text(const Element& parent, std::string_view name) {
  return optional_text(parent, name).value_or("");
}

// Reads one document; the first fault stays.
class ConfigurationReader {
 public:
  KeyConfiguration read(const Element& root) {
    KeyConfiguration configuration;
    for_each(root, "device", [&](const Element& node) { configuration.devices.push_back(device(node)); });
    return configuration;
  }
  const std::optional<Fault>& fault() const { return fault_; }

 private:
  void fail(std::string text) {
    if (!fault_) fault_ = causeway::fault(FaultCode::malformed_server_conf, "key configuration: " + std::move(text));
  }

  StoredDevice device(const Element& node) {
    StoredDevice device;
    device.type = child_text(node, "deviceType");
    device.friendly_name = child_text(node, "friendlyName");
    device.id = child_text(node, "id");
    if (device.id.empty()) fail("a device without an id");
    device.serial = optional_text(node, "tokenId");
    device.slot_label = optional_text(node, "slotId");
    if (const auto text = optional_text(node, "pinIndex")) {
      int slot = 0;
      if (std::from_chars(text->data(), text->data() + text->size(), slot).ptr != text->data() + text->size())
        fail("pinIndex \"" + *text + "\" of device " + device.id);
      device.slot = slot;
    }
    // Once per device in older files, since then per key (evidence.md 7).
    const std::string mechanism = child_text(node, "signMechanismName");
    for_each(node, "key", [&](const Element& child_node) {
      device.keys.push_back(key(child_node));
      if (device.keys.back().sign_mechanism.empty()) device.keys.back().sign_mechanism = mechanism;
    });
    return device;
  }

  StoredKey key(const Element& node) {
    StoredKey key;
    key.id = child_text(node, "keyId");
    key.friendly_name = child_text(node, "friendlyName");
    key.label = child_text(node, "label");
    if (key.id.empty()) fail("a key without an id");
    if (const auto usage = node.attribute("usage")) {
      if (*usage == "SIGNING")
        key.usage = KeyUsage::signing;
      else if (*usage == "AUTHENTICATION")
        key.usage = KeyUsage::authentication;
      else
        fail("usage \"" + *usage + "\" of key " + key.id);
    }
    key.public_key = base64(node, "publicKey");
    for_each(node, "certRequest", [&](const Element& child_node) { key.requests.push_back(request(child_node)); });
    for_each(node, "cert", [&](const Element& child_node) { key.certificates.push_back(certificate(child_node)); });
    key.sign_mechanism = child_text(node, "signMechanismName");
    return key;
  }

  StoredCertificate certificate(const Element& node) {
    StoredCertificate certificate;
    certificate.id = node.attribute("id").value_or("");
    const std::string active = node.attribute("active").value_or("true");
    certificate.active = active == "true" || active == "1";
    certificate.member = member(node);
    certificate.contents = base64(node, "contents");
    certificate.status = child_text(node, "status");
    certificate.next_renewal_time = child_text(node, "nextRenewalTime");
    certificate.renewed_certificate_hash = child_text(node, "renewedCertHash");
    certificate.renewal_error = child_text(node, "renewalError");
    certificate.activation_error = child_text(node, "ocspVerifyBeforeActivationError");
    return certificate;
  }

  StoredRequest request(const Element& node) {
    return {node.attribute("id").value_or(""), member(node), child_text(node, "subjectName"),
            child_text(node, "subjectAlternativeName"), child_text(node, "certificateProfile")};
  }

  std::optional<ClientId> member(const Element& node) {
    const std::optional<Element> id = child(node, "memberId");
    if (!id) return std::nullopt;
    Result<ClientId> client = ClientId::make(child_text(*id, "xRoadInstance"), child_text(*id, "memberClass"),
                                             child_text(*id, "memberCode"), child_text(*id, "subsystemCode"));
    if (!client) {
      fail("memberId: " + client.error().text);
      return std::nullopt;
    }
    return *std::move(client);
  }

  Bytes base64(const Element& node, std::string_view name) {
    Result<Bytes> bytes = from_base64(child_text(node, name));
    if (!bytes) {
      fail(std::string(name) + " is not Base64");
      return {};
    }
    return *std::move(bytes);
  }

  std::optional<Fault> fault_;
};

class ConfigurationWriter {
 public:
  std::string write(const KeyConfiguration& configuration) {
    out_.declaration(R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)");
    out_.open("ns3:keyConf").attribute("xmlns:ns2", kIdentifiersNamespace).attribute("xmlns:ns3", kNamespace);
    for (const StoredDevice& device : configuration.devices) write(device);
    out_.close();
    return std::move(out_).finish();
  }

 private:
  void optional(std::string_view name, std::string_view text) {
    if (!text.empty()) out_.element(name, text);
  }

  void write(const StoredDevice& device) {
    out_.open("device").element("deviceType", device.type);
    optional("friendlyName", device.friendly_name);
    out_.element("id", device.id);
    if (device.serial) out_.element("tokenId", *device.serial);
    if (device.slot_label) out_.element("slotId", *device.slot_label);
    if (device.slot) out_.element("pinIndex", std::to_string(*device.slot));
    for (const StoredKey& key : device.keys) write(key);
    out_.close();
  }

  void write(const StoredKey& key) {
    out_.open("key");
    if (key.usage) out_.attribute("usage", *key.usage == KeyUsage::signing ? "SIGNING" : "AUTHENTICATION");
    out_.element("friendlyName", key.friendly_name).element("label", key.label).element("keyId", key.id);
    if (!key.public_key.empty()) out_.element("publicKey", to_base64(key.public_key));
    for (const StoredRequest& request : key.requests) write(request);
    for (const StoredCertificate& certificate : key.certificates) write(certificate);
    optional("signMechanismName", key.sign_mechanism);
    out_.close();
  }

  void write(const StoredRequest& request) {
    out_.open("certRequest");
    if (!request.id.empty()) out_.attribute("id", request.id);
    write(request.member);
    out_.element("subjectName", request.subject);
    optional("subjectAlternativeName", request.alternative_name);
    optional("certificateProfile", request.certificate_profile);
    out_.close();
  }

  void write(const StoredCertificate& certificate) {
    out_.open("cert").attribute("active", certificate.active ? "true" : "false");
    if (!certificate.id.empty()) out_.attribute("id", certificate.id);
    write(certificate.member);
    out_.element("contents", to_base64(certificate.contents));
    optional("status", certificate.status);
    optional("nextRenewalTime", certificate.next_renewal_time);
    optional("renewedCertHash", certificate.renewed_certificate_hash);
    optional("renewalError", certificate.renewal_error);
    optional("ocspVerifyBeforeActivationError", certificate.activation_error);
    out_.close();
  }

  void write(const std::optional<ClientId>& member) {
    if (!member) return;
    out_.open("memberId").attribute("ns2:objectType", member->is_subsystem() ? "SUBSYSTEM" : "MEMBER");
    out_.element("ns2:xRoadInstance", member->instance()).element("ns2:memberClass", member->member_class());
    out_.element("ns2:memberCode", member->member_code());
    optional("ns2:subsystemCode", member->subsystem());
    out_.close();
  }

  xml::Writer out_{4};
};

}  // namespace

StoredDevice* KeyConfiguration::device(std::string_view id) {
  for (StoredDevice& device : devices)
    if (device.id == id) return &device;
  return nullptr;
}

const StoredKey* KeyConfiguration::key(std::string_view id) const {
  for (const StoredDevice& device : devices)
    for (const StoredKey& key : device.keys)
      if (key.id == id) return &key;
  return nullptr;
}

StoredKey* KeyConfiguration::key(std::string_view id) {
  return const_cast<StoredKey*>(static_cast<const KeyConfiguration*>(this)->key(id));
}

Result<KeyConfiguration> read_key_configuration(std::string_view text) {
  const auto malformed = [](std::string what) {
    return fault(FaultCode::malformed_server_conf, "key configuration: " + std::move(what));
  };
  Result<xml::Document> document = xml::Document::parse(text, kLimits);
  if (!document) return malformed(document.error().text);
  const Element root = document->root();
  if (!root.is(kNamespace, "keyConf")) return malformed("the root element is not keyConf");
  ConfigurationReader reader;
  KeyConfiguration configuration = reader.read(root);
  if (reader.fault()) return *reader.fault();
  return configuration;
}

std::string write_key_configuration(const KeyConfiguration& configuration) {
  return ConfigurationWriter().write(configuration);
}

}  // namespace causeway::signer
