import { inject, shallowRef, type InjectionKey, type ShallowRef } from "vue";
import type { Picture } from "@shared/feed/picture";

/** The live picture, which the frame keeps and any page may look at. */
export const PICTURE: InjectionKey<ShallowRef<Picture | null>> = Symbol("picture");

export const usePicture = (): ShallowRef<Picture | null> => inject(PICTURE, () => shallowRef(null), true);
