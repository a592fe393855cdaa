// SPDX-License-Identifier: MIT
#include "admin/api_definition.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/files.hpp"
#include "support/locations.hpp"

namespace causeway::admin {
namespace {

constexpr std::string_view kDescription = R"(
openapi: 3.0.3
paths:
  /login:
    servers: [{url: /}]
    post: {operationId: login, x-access: public}
  /members:
    get:
      operationId: findMembers
      x-permission: [VIEW_MEMBERS, SEARCH_MEMBERS]
      parameters:
        - {name: paging, in: query, required: false, schema: {$ref: '#/components/schemas/PagingParameters'}}
        - {name: kind, in: query, schema: {$ref: '#/components/schemas/Kind'}}
    post:
      operationId: addMember
      x-access: any-login
      x-body-limit: 10485760
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/MemberAdd'}}}
  /members/{number}/approval:
    parameters: [{name: number, in: path, required: true, schema: {type: integer, format: int32, minimum: 1}}]
    post: {operationId: approve, x-access: nobody}
  /requests:
    post:
      operationId: addRequest
      x-access: any-login
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Request'}}}
  /requests/{kind}:
    parameters: [{name: kind, in: path, required: true, schema: {$ref: '#/components/schemas/Kind'}}]
    post:
      operationId: sendRequest
      x-permission: [ADD_MEMBER, ADD_SUBSYSTEM]
      x-permission-by: {in: path, name: kind, values: {MEMBER: [ADD_MEMBER, ADD_ALL]}}
      x-permission-also: {in: body, name: origin, required: {SERVER: ACT_AS_SERVER}, forbidden: {CENTER: ACT_AS_SERVER}}
      requestBody:
        content: {application/json: {schema: {type: object, properties: {origin: {type: string}}}}}
    put:
      operationId: uploadCertificate
      x-access: any-login
      requestBody:
        required: true
        content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Upload'}}}
components:
  schemas:
    PagingParameters:
      type: object
      properties:
        sort: {type: string, minLength: 2, maxLength: 25, pattern: '^[a-z.]+$'}
        desc: {type: boolean}
        limit: {type: integer, format: int32, minimum: 1, maximum: 100}
    Kind: {type: string, enum: [MEMBER, SUBSYSTEM]}
    Upload:
      type: object
      allOf: [{type: object, required: [url], properties: {url: {type: string, maxLength: 5}}}]
      required: [certificate]
      properties:
        certificate: {type: string, format: binary, x-file: certificate}
        kind: {$ref: '#/components/schemas/Kind'}
        more: {type: string, format: binary, x-file: xml}
    MemberId:
      type: object
      required: [member_class, encoded_id]
      properties:
        member_class: {type: string, minLength: 1, maxLength: 5}
        encoded_id: {type: string, readOnly: true}
      x-validation: {member_class: [IdentifierChars]}
    MemberName:
      type: object
      properties: {member_name: {type: string, maxLength: 5}}
      x-validation: {member_name: [NoControlChars]}
    MemberAdd:
      type: object
      allOf: [{$ref: '#/components/schemas/MemberName'}]
      required: [member_id]
      properties:
        member_id: {$ref: '#/components/schemas/MemberId'}
        kinds: {type: array, items: {$ref: '#/components/schemas/Kind'}}
        size: {type: integer, format: int32, maximum: 7}
        large: {type: boolean}
    Request:
      type: object
      required: [type]
      properties: {type: {type: string}}
      discriminator:
        propertyName: type
        mapping: {ADDRESS: '#/components/schemas/AddressRequest'}
    AddressRequest:
      type: object
      allOf: [{$ref: '#/components/schemas/Request'}]
      required: [server_address]
      properties: {server_address: {type: string}}
      x-validation: {server_address: [ValidHostAddress, OnlyAddressChars]}
)";

class ApiDefinitionTest : public ::testing::Test {
 protected:
  Operation operation(std::string_view id) const { return definition_->operation(id, {}); }
  // "" when it is taken, else the body of the refusal.
  std::string refusal(std::string_view id, ApiRequest request) const {
    const auto error = operation(id).check(request);
    return error ? to_json(*error) : "";
  }
  std::string of_body(std::string_view id, std::string body, std::string type = "application/json") const {
    return refusal(id, {.content_type = std::move(type), .body = std::move(body)});
  }
  std::string of_query(std::string_view query) const {
    return refusal("findMembers", {.query = *message::QueryParameters::parse(query)});
  }
  static std::string fields(const std::string& text) {
    return R"({"status":400,"error":{"code":"validation_failure","validation_errors":{)" + text + "}}}";
  }
  const std::string unreadable_ = R"({"status":400})";
  std::shared_ptr<const ApiDefinition> definition_ = ApiDefinition::parse(kDescription);
};

TEST_F(ApiDefinitionTest, GivesMethodPathAndPermissions) {
  const Operation find = operation("findMembers");
  EXPECT_EQ(find.method, "GET");
  EXPECT_EQ(find.path, "/api/v1/members");
  EXPECT_EQ(find.permissions, (Operation::Permissions{"VIEW_MEMBERS", "SEARCH_MEMBERS"}));
  EXPECT_FALSE(find.takes_upload);
  EXPECT_TRUE(operation("addMember").takes_upload);
  EXPECT_TRUE(operation("addMember").permissions.empty());
  EXPECT_EQ(operation("approve").permissions.size(), 1U) << "one that nobody has";
  EXPECT_THROW(operation("login"), std::logic_error);
  EXPECT_THROW(operation("dance"), std::logic_error);
}

TEST_F(ApiDefinitionTest, TakesWhatIsRight) {
  EXPECT_EQ(of_body("addMember", R"({"member_id":{"member_class":"GOV"}})"), "");
  EXPECT_EQ(
      of_body("addMember",
              R"({"member_id":{"member_class":"GOV","encoded_id":null},"member_name":"\u00e4\u00f6\u00fc\u20ac!",)"
              R"("kinds":["MEMBER"],"size":7,"large":false,"more":[{}]})",
              "application/json; charset=UTF-8"),
      "");
}

TEST_F(ApiDefinitionTest, NamesTheFieldsThatAreWrong) {
  EXPECT_EQ(of_body("addMember", "{}"), fields(R"("memberAddDto.memberId":["NotNull"])"));
  EXPECT_EQ(of_body("addMember", R"({"member_id":null})"), fields(R"("memberAddDto.memberId":["NotNull"])"));
  EXPECT_EQ(of_body("addMember", R"({"member_id":{}})"), fields(R"("memberAddDto.memberId.memberClass":["NotNull"])"));
  EXPECT_EQ(of_body("addMember", R"({"member_id":{"member_class":"a:b/cd"},"member_name":"a\u0007\u0085bc","size":8})"),
            fields(R"("memberAddDto.memberId.memberClass":["IdentifierChars","Size"],)"
                   R"("memberAddDto.memberName":["NoControlChars"],"memberAddDto.size":["Max"])"));
  // Java counts a letter beyond the first plane twice.
  EXPECT_EQ(of_body("addMember", R"({"member_id":{"member_class":"A"},"member_name":"\ud83d\ude00\ud83d\ude00!!"})"),
            fields(R"("memberAddDto.memberName":["Size"])"));
}

TEST_F(ApiDefinitionTest, WhatIsOfAnotherTypeCannotBeRead) {
  for (const char* body :
       {"", "[", "[]", "null", "7", R"({"member_id":"GOV"})", R"({"member_id":{"member_class":7}})",
        R"({"member_id":{"member_class":"A"},"kinds":["KING"]})", R"({"member_id":{"member_class":"A"},"kinds":{}})",
        R"({"member_id":{"member_class":"A"},"size":2147483648})",
        R"({"member_id":{"member_class":"A"},"size":18446744073709551615})",
        R"({"member_id":{"member_class":"A"},"large":"yes"})", "{\"member_name\":\"\xff\"}"})
    EXPECT_EQ(of_body("addMember", body), unreadable_) << body;
  EXPECT_EQ(of_body("addMember", std::string(40000, '[')), unreadable_);
}

TEST_F(ApiDefinitionTest, TakesOnlyTheMediaTypesItDescribes) {
  EXPECT_EQ(of_body("addMember", "{}", "text/plain"), R"({"status":415})");
  EXPECT_EQ(of_body("addMember", "{}", ""), R"({"status":415})");
  EXPECT_EQ(of_body("addMember", "", ""), unreadable_);
  EXPECT_EQ(of_body("addRequest", "", ""), "") << "not required";
}

TEST_F(ApiDefinitionTest, ChecksParameters) {
  EXPECT_EQ(of_query("sort=name&desc=true&limit=100&kind=MEMBER&other=x"), "");
  EXPECT_EQ(of_query(""), "");
  EXPECT_EQ(of_query("limit=101&sort=X"),
            fields(R"("pagingParametersDto.limit":["Max"],"pagingParametersDto.sort":["Pattern","Size"])"));
  EXPECT_EQ(of_query("limit=many"), fields(R"("pagingParametersDto.limit":["typeMismatch"])"));
  EXPECT_EQ(of_query("desc=perhaps"), fields(R"("pagingParametersDto.desc":["typeMismatch"])"));
  EXPECT_EQ(of_query("kind=KING"), fields(R"("kind":["typeMismatch"])"));
  EXPECT_EQ(of_query("sort=" + std::string(7000, 'a')), fields(R"("pagingParametersDto.sort":["Pattern","Size"])"));
  EXPECT_EQ(refusal("approve", {.path = {{"number", "7"}}}), "");
  EXPECT_EQ(refusal("approve", {.path = {{"number", "0"}}}), fields(R"("approve.number":["Min"])"));
  EXPECT_EQ(refusal("approve", {.path = {{"number", "x"}}}), fields(R"("number":["typeMismatch"])"));
}

TEST_F(ApiDefinitionTest, TheTypeOfARequestDecidesWhatItNeeds) {
  EXPECT_EQ(of_body("addRequest", R"({"type":"ADDRESS"})"), fields(R"("requestDto.serverAddress":["NotNull"])"));
  for (const char* good : {"10.0.0.1", "::1", "ss.example.org", "localhost", "xn--d1acufc.example"})
    EXPECT_EQ(of_body("addRequest", R"({"type":"ADDRESS","server_address":")" + std::string(good) + "\"}"), "") << good;
  EXPECT_EQ(of_body("addRequest", R"({"type":"ADDRESS","server_address":"a b"})"),
            fields(R"("requestDto.serverAddress":["OnlyAddressChars","ValidHostAddress"])"));
  for (const char* bad : {"", "-a.example", "a..example", "example.7", "example."})
    EXPECT_EQ(of_body("addRequest", R"({"type":"ADDRESS","server_address":")" + std::string(bad) + "\"}"),
              fields(R"("requestDto.serverAddress":["ValidHostAddress"])"))
        << bad;
  EXPECT_EQ(of_body("addRequest", R"({"type":"UNKNOWN"})"), unreadable_);
  EXPECT_EQ(of_body("addRequest", "{}"), unreadable_);
}

class ApiDefinitionOfForms : public ApiDefinitionTest {
 protected:
  static std::string text(const std::string& name, const std::string& value) {
    return "--b\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n" + value + "\r\n";
  }
  static std::string file(const std::string& name, const std::string& value = "\x30") {
    return text("certificate; filename=" + name, value);
  }
  std::string of_form(const std::string& parts) const {
    return refusal(
        "uploadCertificate",
        {.path = {{"kind", "MEMBER"}}, .content_type = "multipart/form-data; boundary=b", .body = parts + "--b--"});
  }
  static std::string error(const std::string& code) { return R"({"status":400,"error":{"code":")" + code + "\"}}"; }
};

TEST_F(ApiDefinitionOfForms, TakesFormsApart) {
  ApiRequest request{.path = {{"kind", "MEMBER"}},
                     .content_type = "multipart/form-data; boundary=b",
                     .body = text("url", "http") + text("other", "x") + file("a.pem") + "--b--"};
  EXPECT_FALSE(operation("uploadCertificate").check(request));
  EXPECT_EQ(*request.form.text("url"), "http");
  EXPECT_EQ(request.form.file("certificate")->value, "\x30");
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(of_form(text("url", "http") + file("a.pem") + text("kind", "MEMBER")), "");
  EXPECT_EQ(of_form(text("url", "http") + file("a.pem") + text("more; filename=\"\"", "")), "")
      << "as if it were not there";
  EXPECT_EQ(of_form(text("url", "http") + file("a.pem") + text("more; filename=\"\"", "x")),
            R"({"status":400,"error":{"code":"invalid_file_extension","metadata":["","xml"]}})");
}

TEST_F(ApiDefinitionOfForms, SaysWhatIsWrong) {
  EXPECT_EQ(of_form(file("a.pem")), unreadable_) << "url is missing";
  EXPECT_EQ(of_form(text("url", "http")), unreadable_) << "the file is missing";
  EXPECT_EQ(of_form(text("url", "http") + text("certificate", "\x30")), unreadable_) << "a text is no file";
  EXPECT_EQ(of_form(text("url", "http") + text("url", "http") + file("a.pem")), unreadable_);
  EXPECT_EQ(of_form(text("url", "longer") + file("a.pem")), fields(R"("uploadCertificate.url":["Size"])"));
  EXPECT_EQ(of_form(text("url", "http") + file("a.pem") + text("kind", "KING")), fields(R"("kind":["typeMismatch"])"));
  EXPECT_EQ(of_form(text("url", "http") + file("a.b.pem")), error("double_file_extension"));
  EXPECT_EQ(of_form(text("url", "http") + file("a.pem", "#!/bin/sh")), error("invalid_file_content_type"));
  EXPECT_EQ(
      refusal("uploadCertificate", {.path = {{"kind", "MEMBER"}}, .content_type = "application/json", .body = "{}"}),
      R"({"status":415})");
}

TEST_F(ApiDefinitionTest, SomePermissionsDependOnValues) {
  const auto answer = [&](Names permissions, const std::string& kind, const std::string& body) {
    return refusal("sendRequest", {.caller = {.name = "", .roles = {}, .permissions = std::move(permissions)},
                                   .path = {{"kind", kind}},
                                   .content_type = "application/json",
                                   .body = body});
  };
  const std::string forbidden = R"({"status":403})";
  EXPECT_EQ(answer({"ADD_MEMBER"}, "MEMBER", "{}"), "");
  EXPECT_EQ(answer({"ADD_ALL"}, "MEMBER", "{}"), "");
  EXPECT_EQ(answer({"ADD_SUBSYSTEM"}, "MEMBER", "{}"), forbidden);
  EXPECT_EQ(answer({"ADD_MEMBER", "ADD_SUBSYSTEM"}, "SUBSYSTEM", "{}"), forbidden) << "no value that is listed";
  EXPECT_EQ(answer({"ADD_SUBSYSTEM"}, "KING", "{}"), fields(R"("kind":["typeMismatch"])")) << "that comes first";
  EXPECT_EQ(answer({"ADD_MEMBER"}, "MEMBER", R"({"origin":"SERVER"})"), forbidden);
  EXPECT_EQ(answer({"ADD_MEMBER", "ACT_AS_SERVER"}, "MEMBER", R"({"origin":"SERVER"})"), "");
  EXPECT_EQ(answer({"ADD_MEMBER"}, "MEMBER", R"({"origin":"CENTER"})"), "");
  EXPECT_EQ(answer({"ADD_MEMBER", "ACT_AS_SERVER"}, "MEMBER", R"({"origin":"CENTER"})"), forbidden);
}

TEST(ApiDefinitionOfAStranger, NamesNothingThatIsNotThere) {
  const auto with = [](std::string_view extension) {
    return "paths: {}\ncomponents: {schemas: {A: {type: object, properties: {b: {" + std::string(extension) + "}}}}}";
  };
  EXPECT_NO_THROW(ApiDefinition::parse(with("x-validation: {c: [IdentifierChars]}, x-file: xml")));
  EXPECT_THROW(ApiDefinition::parse(with("x-validation: {c: [IdentifierChar]}")), std::logic_error);
  EXPECT_THROW(ApiDefinition::parse(with("x-file: picture")), std::logic_error);
}

TEST(ApiDefinitionOfTheCentralServer, CanBeRead) {
  const auto yaml = read_file(testing::source_directory() / "src/centralserver/api/openapi.yaml");
  ASSERT_TRUE(yaml);
  const auto definition = ApiDefinition::parse(*yaml);
  const auto ids = definition->operation_ids();
  EXPECT_GE(ids.size(), 110U);
  // A check may refuse, but never fail: no request is a bug.
  const std::vector<ApiRequest> requests = {
      {},
      {.content_type = "application/json", .body = "{}"},
      {.content_type = "application/json", .body = R"({"type":"ADDRESS_CHANGE_REQUEST","origin":"CENTER"})"},
      {.path = {{"id", "1"}, {"configuration_type", "INTERNAL"}}, .content_type = "text/plain", .body = "x"}};
  for (const std::string& id : ids) {
    const Operation operation = definition->operation(id, {});
    EXPECT_TRUE(operation.path.starts_with("/api/v1/")) << id;
    for (ApiRequest request : requests)
      if (const auto refused = operation.check(request))
        EXPECT_TRUE(refused->status == 400 || refused->status == 403 || refused->status == 415) << id;
  }
  EXPECT_EQ(definition->operation("addMemberClass", {}).permissions, Operation::Permissions{"ADD_MEMBER_CLASS"});
}

}  // namespace
}  // namespace causeway::admin
