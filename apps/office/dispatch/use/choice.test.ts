import { expect, it } from "vitest";
import type { Officer } from "@shared/client/types";
import { whatIsMissing } from "./choice";

const officer = (id: string, is_valid: boolean | null): Officer => ({
  id, name: id, agency_id: "g", agency_name: "示例大队", area_code: "370103", is_on_duty: true,
  certificate: is_valid === null ? null : { number: "示例-1", valid_from_on: "2024-01-01", valid_to_on: "2029-01-01", is_valid },
});

it("wants two certified officers and one of them to lead", () => {
  const [lin, wang, expired, none] = [officer("lin", true), officer("wang", true), officer("expired", false), officer("none", null)];
  expect(whatIsMissing([lin], "lin")).toBe("too_few");
  expect(whatIsMissing([lin, expired], "lin")).toBe("uncertified");
  expect(whatIsMissing([lin, none], "lin")).toBe("uncertified");
  expect(whatIsMissing([lin, wang], "expired")).toBe("no_lead");
  expect(whatIsMissing([lin, wang], "wang")).toBeNull();
});
