// SPDX-License-Identifier: MIT
// Documents known by their pattern get the verdict that reading them gives.
#include "evidence/signature_pattern.hpp"

#include <gtest/gtest.h>

#include <map>

#include "custom_signature.hpp"
#include "evidence/signature_verifier.hpp"
#include "verification_cases.hpp"

namespace causeway::evidence {
namespace {

std::string code(const Result<VerifiedSignature>& result) { return result ? "" : result.error().code; }

class KnownSigner {
 public:
  explicit KnownSigner(TestMember::KeyKind kind = TestMember::KeyKind::p256) : member(TestMember::make(kind)) {}

  std::string from_memory(const SignatureDocument& document, const MessageParts& parts) {
    return code(verifier.verify(document, parts, member.id, trust, TestMember::kNow));
  }
  std::string afresh(const SignatureDocument& document, const MessageParts& parts) const {
    return code(verify_signature(document, parts, member.id, *trust, TestMember::kNow));
  }

  TestMember member;
  std::shared_ptr<TestTrust> trust = std::make_shared<TestTrust>(member.trust());
  SignatureVerifier verifier;
};

TEST(SignaturePattern, KnowsDocumentsOfASignerWithoutReadingThem) {
  KnownSigner known(TestMember::KeyKind::rsa_2048);
  for (int i = 0; i < 5; ++i) {
    const auto plain = parts_of({"m" + std::to_string(i)}), rest = parts_of({"head" + std::to_string(i), "body"});
    const TimePoint at = TestMember::kNow + std::chrono::milliseconds(i);
    const auto sign = [&](const MessageParts& parts) { return known.member.sign({parts}, at).front(); };
    const SignatureDocument of_plain = sign(plain), of_rest = sign(rest);
    EXPECT_EQ(known.from_memory(of_plain, plain), "");
    EXPECT_EQ(known.from_memory(of_rest, rest), "");
    EXPECT_EQ(known.from_memory(of_rest, plain), known.afresh(of_rest, plain));
    const auto verified =
        known.verifier.verify(sign(parts_of({"x"})), parts_of({"x"}), known.member.id, known.trust, TestMember::kNow);
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->signing_time, at);
    EXPECT_EQ(verified->signer, known.member.identity.certificate);
  }
  EXPECT_EQ(known.verifier.statistics().documents_read, 2U);
  EXPECT_EQ(known.verifier.statistics().documents_recalled, 13U);
}

TEST(SignaturePattern, KnowsDocumentsWithJavasLineBreaks) {
  for (const auto kind : {TestMember::KeyKind::rsa_2048, TestMember::KeyKind::p256}) {
    KnownSigner known(kind);
    for (int i = 0; i < 3; ++i) {
      const std::string message = "m" + std::to_string(i);
      const std::string xml = make_signature(
          known.member, {.references = {{"/message.xml", message}, {"#signed-properties"}}, .wrap = true});
      ASSERT_NE(xml.find("&#13;\n"), std::string::npos);
      EXPECT_EQ(known.from_memory({xml, {}, {}}, parts_of({message})), "");
      EXPECT_EQ(known.from_memory({xml, {}, {}}, parts_of({"another"})),
                known.afresh({xml, {}, {}}, parts_of({"another"})));
    }
    EXPECT_EQ(known.verifier.statistics().documents_read, 1U);
  }
}

TEST(SignaturePattern, AnotherOcspResponseIsAnotherPattern) {
  KnownSigner known;
  const auto verify = [&] { return known.from_memory(known.member.sign({parts_of({"m"})}).front(), parts_of({"m"})); };
  EXPECT_EQ(verify(), "");
  known.member.identity.ocsp_responses = {
      known.member.ca.ocsp(known.member.identity.certificate, TestMember::kNow, TestCa::Status::revoked)};
  EXPECT_EQ(verify(), "signature_verification.invalid_cert_path.cert_validation");
  EXPECT_EQ(known.verifier.statistics().documents_read, 2U);
}

TEST(SignaturePattern, RemembersNoneThatIsLong) {
  for (const auto& [filling, recalled] : std::map<std::size_t, std::uint64_t>{{1000, 1}, {64 << 10, 0}}) {
    KnownSigner known;
    const CustomSignature custom{.in_object = "<filling>" + std::string(filling, 'x') + "</filling>"};
    for (int i = 0; i < 2; ++i)
      EXPECT_EQ(known.from_memory({make_signature(known.member, custom), {}, {}}, parts_of({"hello"})), "");
    EXPECT_EQ(known.verifier.statistics().documents_recalled, recalled) << filling;
  }
}

// Every octet of a document in turn becomes another; what was learned from its like must not
// make any of them good, or bad in another way.
TEST(SignaturePattern, NeverChangesAVerdict) {
  KnownSigner known;
  const auto parts = parts_of({"m"});
  const std::string first = known.member.sign({parts}).front().signature;
  const std::string other = known.member.sign({parts}, TestMember::kNow + std::chrono::seconds(1)).front().signature;
  ASSERT_EQ(known.from_memory({first, {}, {}}, parts), "");
  std::size_t good = 0;
  for (std::size_t at = 0; at < other.size(); ++at) {
    std::string text = other;
    text[at] = "A<& "[at % 4];
    const SignatureDocument changed{text, {}, {}};
    const std::string expected = known.afresh(changed, parts);
    ASSERT_EQ(known.from_memory(changed, parts), expected) << at << " '" << text[at] << "'";
    good += expected.empty() ? 1 : 0;
  }
  EXPECT_LT(good, other.size());
}

TEST(SignaturePattern, GivesEachCaseItsVerdictWhenGoodOnesCameBefore) {
  const TestMember member = TestMember::make();
  const auto trust = std::make_shared<TestTrust>(member.trust());
  SignatureVerifier verifier({.documents = 0});
  const auto cases = verification_cases(member);
  for (int round = 0; round < 2; ++round)
    for (const VerificationCase& one : cases) {
      const auto sender = ClientId::parse_rest(one.sender);
      const auto result = verifier.verify(one.document, parts_of(one.contents), *sender, trust, TestMember::kNow);
      EXPECT_EQ(code(result), one.code.empty() ? "" : "signature_verification." + one.code) << one.name;
    }
  EXPECT_GT(verifier.statistics().documents_recalled, 0U);
}

TEST(GappedText, FindsTheGapsOfAnother) {
  const auto text = GappedText::cut("<a><b>x1</b><c>22</c></a>", {"22", "x1"}, CarriageReturn::of_documents);
  ASSERT_TRUE(text);
  EXPECT_EQ(text->contents_of("<a><b>A</b><c>a&#13;\nb</c></a>"), (std::vector<std::string>{"a\r\nb", "A"}));
  EXPECT_EQ(text->filled({"p", "q\r"}), "<a><b>q&#13;</b><c>p</c></a>");
  for (const char* other : {"<a><b></b><c>2</c></a>", "<a><b>A</b><c>2</c></a> ", "<a><b>A</b><d>2</c></a>",
                            "<a><b>A<x/></b><c>2</c></a>", "<a><b>A&#65;</b><c>2</c></a>", "<a><b>A", ""})
    EXPECT_EQ(text->contents_of(other), std::nullopt) << other;
}

TEST(GappedText, CutsNothingThatMightNotBeAnElementsContent) {
  const auto cut = [](std::string_view text) {
    return GappedText::cut(text, {"x1"}, CarriageReturn::of_documents).has_value();
  };
  EXPECT_TRUE(cut("<a><b>x1</b></a>"));
  EXPECT_TRUE(cut("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><a n=\"&amp;\"><b>x1</b></a>"));
  for (const char* text : {
           "<a><b>x1</b><c>x1</c></a>",              // which?
           "<a><b> x1</b></a>",                      // not the whole content
           "<a><b>&#120;1</b><!--<b>x1</b>--></a>",  // a comment
           "<a><b>&#120;1</b><c>x1</c></a>",         // spelled another way
           "<a><b><![CDATA[x1]]></b><c>x1</c></a>",  // likewise
           "<a><b>x1</b><?p <b>x2</b>?></a>",        // processing instruction
           "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a><b>x1</b></a>",
           "<?xml version='1.0'?><a><b>x1</b></a>",
           "<!DOCTYPE a><a><b>x1</b></a>",
           " <a><b>x1</b></a>",
       })
    EXPECT_FALSE(cut(text)) << text;
  EXPECT_FALSE(GappedText::cut("<a><b>x#</b></a>", {"x#"}, CarriageReturn::of_documents));
  EXPECT_FALSE(GappedText::cut("<a><b></b></a>", {""}, CarriageReturn::of_documents));
}

}  // namespace
}  // namespace causeway::evidence
