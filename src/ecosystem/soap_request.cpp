// SPDX-License-Identifier: MIT
#include "ecosystem/soap_request.hpp"

#include "xml/writing.hpp"

namespace causeway::ecosystem {
namespace {

void write(xml::Writer& out, const ClientId& client) {
  out.element("id:xRoadInstance", client.instance())
      .element("id:memberClass", client.member_class())
      .element("id:memberCode", client.member_code());
  if (client.is_subsystem()) out.element("id:subsystemCode", client.subsystem());
}

std::string envelope_start(const ClientId& client, const ServiceId& service, std::string_view id) {
  xml::Writer out;
  out.open("xrd:client").attribute("id:objectType", client.is_subsystem() ? "SUBSYSTEM" : "MEMBER");
  write(out, client);
  out.close();
  std::string header = std::move(out).finish();
  xml::Writer to;
  to.open("xrd:service").attribute("id:objectType", "SERVICE");
  write(to, service.client());
  to.element("id:serviceCode", service.code());
  if (!service.version().empty()) to.element("id:serviceVersion", service.version());
  to.close();
  header += std::move(to).finish();
  return header + "<xrd:id>" + xml::escape_text(id) + "</xrd:id><xrd:protocolVersion>4.0</xrd:protocolVersion>";
}

}  // namespace

std::string soap_request(const ClientId& client, const ServiceId& service, std::string_view id, std::string_view body) {
  std::string message =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\""
      " xmlns:xrd=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:id=\"http://x-road.eu/xsd/identifiers\">"
      "<soap:Header>";
  message += envelope_start(client, service, id);
  message += "</soap:Header><soap:Body>";
  message += body;
  return message + "</soap:Body></soap:Envelope>\n";
}

MultipartRequest with_attachments(const std::string& soap, const std::vector<SampleAttachment>& attachments,
                                  const std::string& boundary) {
  std::string body = "--" + boundary + "\r\nContent-Type: text/xml; charset=UTF-8\r\nContent-ID: <soap>\r\n\r\n" + soap;
  for (const SampleAttachment& attachment : attachments) {
    body += "\r\n--" + boundary + "\r\nContent-Type: " + attachment.content_type +
            "\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <" + attachment.content_id + ">\r\n\r\n" +
            attachment.content;
  }
  body += "\r\n--" + boundary + "--\r\n";
  return {"multipart/related; type=\"text/xml\"; start=\"<soap>\"; boundary=" + boundary, std::move(body)};
}

}  // namespace causeway::ecosystem
