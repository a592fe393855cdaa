// SPDX-License-Identifier: MIT
// A SOAP message put together from parts that tests leave out, double or break.
#pragma once

#include <string>

namespace causeway::message {

struct SoapSample {
  std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::string client =
      "<xrd:client id:objectType=\"SUBSYSTEM\"><id:xRoadInstance>FI</id:xRoadInstance>"
      "<id:memberClass>GOV</id:memberClass><id:memberCode>123</id:memberCode>"
      "<id:subsystemCode>app</id:subsystemCode></xrd:client>";
  std::string service =
      "<xrd:service id:objectType=\"SERVICE\"><id:xRoadInstance>FI</id:xRoadInstance>"
      "<id:memberClass>COM</id:memberClass><id:memberCode>456</id:memberCode>"
      "<id:subsystemCode>reg</id:subsystemCode><id:serviceCode>find</id:serviceCode>"
      "<id:serviceVersion>v1</id:serviceVersion></xrd:service>";
  std::string id = "<xrd:id>id-1</xrd:id>";
  std::string version = "<xrd:protocolVersion>4.0</xrd:protocolVersion>";
  std::string more;
  std::string body = "<r:find xmlns:r=\"http://reg.example/\"><r:key>7</r:key></r:find>";

  std::string header() const {
    return "<e:Header>\n    " + client + "\n    " + service + "\n    " + id + "\n    " + version + more +
           "\n  </e:Header>";
  }
  std::string xml() const { return xml(header(), "<e:Body>" + body + "</e:Body>"); }
  std::string xml(const std::string& header_element, const std::string& body_element) const {
    return declaration +
           "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" "
           "xmlns:xrd=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:id=\"http://x-road.eu/xsd/identifiers\">\n  " +
           header_element + "\n  " + body_element + "\n</e:Envelope>\n";
  }
};

}  // namespace causeway::message
