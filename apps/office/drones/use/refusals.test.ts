import { expect, it } from "vitest";
import { ApiProblem } from "@shared/client/problem";
import { wordsByField } from "./refusals";

it("says a refusal beside the field that it is about", () => {
  expect(wordsByField(new ApiProblem(409, "drones.battery_too_small", "飞不到", "Out of reach"))).toEqual({ aircraft: "飞不到" });
  const wrong = [{ field: "body.height_m", code: "x", message: "应不小于 20" }, { field: "body.home.0", code: "x", message: "经度" }];
  expect(wordsByField(new ApiProblem(422, "kernel.invalid_input", "输入有误", "Invalid", null, null, wrong))).toEqual({ height: "应不小于 20", home: "经度" });
});

it("leaves what is about no field to the note above", () => {
  expect(wordsByField(null)).toEqual({});
  expect(wordsByField(new ApiProblem(0, "client.unreachable", "网络不通", "Unreachable"))).toEqual({});
});
