/** The order in which the field names things; the words themselves are in the dictionary. */
export const ELEMENTS = ["air", "water", "noise", "solid_waste", "permit", "construction"];
export const SEVERITIES = ["minor", "major", "severe"];
