import { createApp } from "vue";
import App from "./App.vue";
import "./screen.css";

createApp(App).mount("#app");
